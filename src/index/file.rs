//! One file of an update → its documents in the index: itself, or what lies inside
//! it. An archive is one file whose documents come and go with it.

use std::collections::HashSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use tantivy::Term;

use crate::{Error, ErrorKind, Result};
use crate::{extract, structure};

use super::crawl::{self, Found};
use super::pipeline::{Shared, fail, failure_of, guarded, replace, wait_for_room};
use super::records::{self, Charge, DocumentHead, Origin};
use super::report::Event;

/// A file whose documents are being written.
pub(super) struct File<'a> {
    shared: &'a Shared<'a>,
    found: &'a Found,
    origin: &'a Origin,
    /// Keys that the index has from inside the file, and that have not come again.
    stale: HashSet<String>,
    /// Whether the file itself is a document.
    own: bool,
    parts: u64,
}

impl<'a> File<'a> {
    pub(super) fn new(shared: &'a Shared<'a>, found: &'a Found, origin: &'a Origin) -> Self {
        File { shared, found, origin, stale: found.members.iter().cloned().collect(), own: false, parts: 0 }
    }

    /// Writes a document of the file.
    pub(super) fn part(&mut self, part: extract::Part) -> Result<()> {
        self.parts += 1;
        let shared = self.shared;
        let mut origin = self.origin.clone();
        let mut path = self.found.path.clone();
        let mut is_known = self.found.known.is_some_and(|known| !known.failed);
        match &part.member {
            None => self.own = true,
            Some(member) => {
                origin.key = crawl::member_key(&self.origin.key, member);
                origin.size = part.size;
                path = crawl::key_path(&origin.key).unwrap_or(path);
                is_known = self.stale.remove(&origin.key);
            }
        }
        let extracted = match part.result {
            Ok(extracted) => extracted,
            Err(error) => return fail(shared, &path, &origin, error),
        };
        let charged = extracted.paragraphs.iter().map(|paragraph| paragraph.text.len()).sum::<usize>() * 2;
        wait_for_room(shared, charged as u64);
        let document = match guarded(|| Ok(structure::parse(&extracted, &path))) {
            Ok(document) => document,
            Err(error) => return fail(shared, &path, &origin, error),
        };
        if let Some(secrecy) = &document.metadata.secrecy {
            if shared.skip_classified {
                let message = format!("the document is marked {secrecy} and left out");
                return fail(shared, &path, &origin, Error::new(ErrorKind::Classified, message));
            }
            shared.classified.lock().unwrap_or_else(PoisonError::into_inner).push(path.clone());
        }
        let head = DocumentHead {
            key: origin.key.clone(),
            title: document.title.clone(),
            format: extracted.format.name().to_owned(),
            encoding: extracted.encoding.map(str::to_owned),
            sections: document.sections.len() as u32,
            metadata: document.metadata.clone(),
            citations: document.citations.clone(),
            failure: None,
        };
        drop(extracted);
        shared.in_flight.fetch_add(charged, Ordering::AcqRel);
        let charge = Charge { bytes: charged, in_flight: shared.in_flight.clone() };
        let fields = &shared.index.inner.fields;
        let records = records::records(fields, &origin, &head, document, Some(charge))?;
        shared.counts.sections.fetch_add(records.len() as u64, Ordering::Relaxed);
        replace(shared, &origin.key, records)?;
        let counter = if is_known { &shared.counts.changed } else { &shared.counts.added };
        counter.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Ends the file: members that are gone go, and the file itself is remembered.
    pub(super) fn finish(self, outcome: Result<()>) -> Result<()> {
        let shared = self.shared;
        let path = &self.found.path;
        let bytes = self.origin.size;
        if shared.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        // In the order of the other threads' operations, as in `replace`.
        let in_order = shared.order.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &self.stale {
            shared.writer.delete_term(Term::from_field_text(shared.index.inner.fields.key, key));
        }
        drop(in_order);
        shared.counts.removed.fetch_add(self.stale.len() as u64, Ordering::Relaxed);
        if let Err(error) = outcome {
            if !self.own {
                return fail(shared, path, self.origin, error);
            }
            // The file is a document already; only what hangs on it is not whole.
            shared.failures.lock().unwrap_or_else(PoisonError::into_inner).push(failure_of(&error.with_path(path)));
        } else if !self.own && self.parts > 0 {
            let record = records::container_record(&shared.index.inner.fields, self.origin)?;
            replace(shared, &self.origin.key, vec![record])?;
        } else if !self.own {
            return fail(shared, path, self.origin, Error::new(ErrorKind::Empty, "the file holds no documents"));
        }
        shared.options.notify(Event::Indexed { path, bytes });
        Ok(())
    }
}
