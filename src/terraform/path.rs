//! Paths inside the folder that is read; none leads out of it.

/// A path from a folder, without `.` and `..`; `None` for one that leads out, or is absolute.
pub(super) fn joined(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') || path.contains('\\') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

/// `path.module` of a module that is called with a source, in a module with a path of its own.
pub(super) fn shown(module: &str, source: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in module.split('/').chain(source.split('/')).filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." && parts.last().is_some_and(|last| *last != "..") {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out() {
        assert_eq!(joined("a/b", "./c/../d.json").as_deref(), Some("a/b/d.json"));
        assert_eq!(joined("a", "../b").as_deref(), Some("b"));
        assert_eq!(joined("a", "../../b"), None);
        assert_eq!(joined("a", "/etc/passwd"), None);
        assert_eq!(shown(".", "./modules/x"), "modules/x");
        assert_eq!(shown("modules/x", "../y"), "modules/y");
        assert_eq!(shown(".", "../y"), "../y");
    }
}
