//! Functions of files, which whoever called has handed in: those below the folder, by their path.

use super::{Call, Done, unknown};
use crate::diagnostic::words::excerpt;
use crate::value::{Data, Text};

pub(super) fn call(call: &Call<'_>) -> Option<Done> {
    Some(match call.name {
        "file" => call.at_most(1).and_then(|()| text(call)).map(Data::Text),
        "fileexists" => call.text(0).and_then(|path| match call.names.file(&path) {
            Some(_) => Ok(Data::Bool(true)),
            // It may be there all the same, too large or outside the folder.
            None => Err(unknown(call, format!("the file `{}`, which is not read here", excerpt(&path)))),
        }),
        "basename" => call.text(0).map(|path| super::made(call, path.rsplit('/').next().unwrap_or_default())),
        "dirname" => call.text(0).map(|path| super::made(call, folder(&path))),
        _ => return None,
    })
}

fn folder(path: &str) -> &str {
    match path.rsplit_once('/') {
        Some(("", _)) => "/",
        Some((folder, _)) => folder,
        None => ".",
    }
}

fn text(call: &Call<'_>) -> Result<Text, super::Stop> {
    let path = call.text(0)?;
    call.names.file(&path).ok_or_else(|| {
        call.names.miss(&path, call.at);
        unknown(call, format!("the file `{}`, which is not read here", excerpt(&path)))
    })
}
