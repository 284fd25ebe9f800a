//! Reading what a person or a repository names: the one door through which such files come in.
//!
//! Responsible for what may be read at all: regular files of a bounded size, and, where a repository
//! names them, only below the folder that they belong to. Refuses pipes, devices, absolute paths, `..`
//! and links that lead out of that folder; and says why without a word of what stands there.

mod links;
mod lossless;
mod root;
mod walk;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::words::{UTF_16_HELP, is_utf_16, not_utf_8, system};
use crate::diagnostic::{Diagnostic, Error, Kind, Source, Span};
pub use links::Links;
pub use lossless::{bytes, is_stand_in, lossless};
pub use root::{Root, Way};
pub use walk::walk;

/// The most bytes that are read of each kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Limit {
    /// A policy, a template, a file of Terraform or JSON that is looked into.
    Small = 4 << 20,
    /// A spec, answers, an account list, or a text that is only formatted or merged: an organization of
    /// 100,000 accounts needs less.
    Large = 64 << 20,
}

impl Limit {
    /// Its number of bytes.
    #[must_use]
    pub fn bytes(self) -> u64 {
        self as u64
    }
}

/// A regular file that a person named: it may be anywhere, and a link to one will do.
///
/// # Errors
/// Why it is not read.
pub fn named(path: &Path, limit: Limit) -> Result<Vec<u8>, String> {
    regular(open(path).map_err(|error| system(&error))?, limit)
}

/// A file of any kind that a person named, a pipe or `/dev/null` as well.
///
/// # Errors
/// Why it is not read.
pub fn stream(path: &Path, limit: Limit) -> Result<Vec<u8>, String> {
    bounded(File::open(path).map_err(|error| system(&error))?, limit)
}

/// All there is to read, unless it is more than the limit.
///
/// # Errors
/// Why it is not read.
pub fn bounded(reader: impl Read, limit: Limit) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    // One more than is allowed tells what is larger, whatever length the system gives.
    reader.take(limit.bytes() + 1).read_to_end(&mut bytes).map_err(|error| system(&error))?;
    if bytes.len() as u64 > limit.bytes() { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Opens a file without waiting for it: a pipe that nobody writes to is opened, and then refused.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path)
}

/// Here nothing is waited for.
#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// What is behind a descriptor decides, for a name may lead elsewhere a moment later.
fn regular(file: File, limit: Limit) -> Result<Vec<u8>, String> {
    let found = file.metadata().map_err(|error| system(&error))?;
    if found.is_dir() {
        return Err("it is a folder".to_owned());
    }
    if !found.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    if found.len() > limit.bytes() {
        return Err(too_large(limit));
    }
    bounded(file, limit)
}

fn too_large(limit: Limit) -> String {
    format!("it is larger than {} MiB", limit.bytes() >> 20)
}

/// The bytes as text; where they are none, the place of the first that is not.
///
/// # Errors
/// The place of the first byte that is not UTF-8, in a file whose text may be shown.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Error> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = Source::new(name, text);
            let (message, help) = if is_utf_16(error.as_bytes()) {
                ("the file is UTF-16, not UTF-8", UTF_16_HELP)
            } else {
                ("the file is not UTF-8", "save it as UTF-8; it may be Latin-1 or Windows-1252 now")
            };
            let diagnostic = Diagnostic::error(message).at(&source, Span::new(at..at + 1));
            Err(Error::new(Kind::Input, vec![diagnostic.help(help)]))
        }
    }
}

/// The bytes of a file whose text nobody is shown: JSON or a template, in which a byte-order mark has no
/// place. (RFC 8259, section 8.1; IAM and Terraform refuse a policy that begins with one.)
///
/// # Errors
/// That they are not such a text.
pub fn plain_text(bytes: Vec<u8>) -> Result<String, String> {
    match String::from_utf8(bytes) {
        Ok(text) if text.starts_with('\u{feff}') => {
            Err("it begins with a byte-order mark; save it as \"UTF-8\", not \"UTF-8 with BOM\"".to_owned())
        }
        Ok(text) => Ok(text),
        Err(error) => Err(not_utf_8(error.as_bytes())),
    }
}
