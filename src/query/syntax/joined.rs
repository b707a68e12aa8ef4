//! Words that are one keyword although white space parts them: `国办发2024 1`,
//! `2 000元`.

use super::Parser;
use crate::query::number::NumberPattern;

impl Parser<'_> {
    /// `国办发2024 1` is one document number, `2 000元` one number; where it ends.
    pub(super) fn number_in_two_words(&self, start: usize, word_end: usize, end: usize) -> Option<usize> {
        const LONGEST_CODE_BYTES: usize = 60;
        let word = &self.source[start..word_end];
        let next_start = self.skip_white_space(word_end, end)?;
        let next_end = self.word_end(next_start, end);
        let next = &self.source[next_start..next_end];
        if may_go_on_by_three(word) {
            return self.groups_of_three(word_end, end);
        }
        if word.len() > LONGEST_CODE_BYTES {
            return None;
        }
        let code = NumberPattern::parse(word).filter(|code| code.serial.is_none() && code.year.is_some())?;
        let digits = next.strip_suffix('号').unwrap_or(next);
        let is_serial = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        // The year may stand without brackets: as one word, year and serial would run together.
        let is_number = is_serial && NumberPattern::parse_whole(&format!("{code}{digits}号")).is_some();
        is_number.then_some(next_end)
    }

    /// Where `000 000元` ends, groups of three digits and what they count.
    fn groups_of_three(&self, mut at: usize, end: usize) -> Option<usize> {
        const COUNTED: &[char] =
            &['元', '万', '亿', '人', '名', '户', '家', '个', '件', '项', '亩', '吨', '米', '平', '公'];
        // A number has five groups at most.
        for _ in 0..5 {
            let start = self.skip_white_space(at, end)?;
            at = self.word_end(start, end);
            let group = &self.source[start..at];
            if leading_digits(group.chars()) != 3 {
                return None;
            }
            if group.len() > 3 {
                return group[3..].starts_with(COUNTED).then_some(at);
            }
        }
        None
    }
}

/// How many ASCII digits stand at the head, of four at most.
fn leading_digits(chars: impl Iterator<Item = char>) -> usize {
    chars.take(4).take_while(char::is_ascii_digit).count()
}

/// Whether a word ends in digits that groups of three may go on with: 罚款2.
fn may_go_on_by_three(word: &str) -> bool {
    let last = leading_digits(word.chars().rev());
    let before = word.chars().rev().nth(last);
    (1..=3).contains(&last) && before.is_none_or(|c| !c.is_ascii() && !matches!(c, '第' | '，'))
}
