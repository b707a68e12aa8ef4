//! Where a text may be cut: sentences, and clauses inside long ones.

/// A stretch of text in characters, never across a paragraph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub start: usize,
    pub end: usize,
    /// Whether a paragraph begins here.
    pub opens: bool,
    /// Whether a sentence begins here, and not only a clause.
    pub begins: bool,
}

/// Cuts a text at sentence ends, and at clause ends where a sentence is longer
/// than `longest` characters. The stretches cover the text but for line breaks.
pub(super) fn stretches(text: &[char], longest: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut start = 0;
    let mut opens = true;
    let mut begins = true;
    // The last place inside the present sentence where a clause ends.
    let mut clause_end = None;
    let mut at = 0;
    while at < text.len() {
        let c = text[at];
        if c == '\n' {
            push(&mut stretches, start, at, opens, begins);
            start = at + 1;
            opens = true;
            begins = true;
            clause_end = None;
        } else if ends_sentence(c) {
            // Closing marks belong to the sentence they close.
            while at + 1 < text.len() && closes(text[at + 1]) {
                at += 1;
            }
            push(&mut stretches, start, at + 1, opens, begins);
            start = at + 1;
            opens = false;
            begins = true;
            clause_end = None;
        } else {
            if ends_clause(c) {
                clause_end = Some(at + 1);
            }
            if at + 1 - start >= longest {
                let end = clause_end.filter(|&end| end > start).unwrap_or(at + 1);
                push(&mut stretches, start, end, opens, begins);
                start = end;
                opens = false;
                begins = false;
                clause_end = None;
            }
        }
        at += 1;
    }
    push(&mut stretches, start, text.len(), opens, begins);
    stretches
}

fn push(stretches: &mut Vec<Stretch>, start: usize, end: usize, opens: bool, begins: bool) {
    if start < end {
        stretches.push(Stretch { start, end, opens, begins });
    }
}

pub(super) fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | '!' | '?' | ';')
}

fn ends_clause(c: char) -> bool {
    matches!(c, '，' | '、' | '：' | ',' | ':' | '—' | '…' | ' ' | '\u{3000}' | '\t')
}

fn closes(c: char) -> bool {
    matches!(c, '”' | '’' | '）' | ')' | '》' | '〉' | '」' | '』' | '"')
}
