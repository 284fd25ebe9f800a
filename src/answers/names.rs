//! Names that targets can have.

/// A name and digits that tell it apart.
pub(crate) fn joined(name: &str, digits: &str) -> String {
    let name = if name.is_empty() { "account" } else { name };
    let room = 62 - digits.len();
    let name: String = name.chars().take(room).collect();
    format!("{}-{digits}", name.trim_end_matches('-'))
}

/// A name in lower-case letters, digits and single hyphens, accents taken off.
pub(crate) fn safe_name(name: &str) -> String {
    let mut safe = String::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match without_accent(c) {
            Some(plain) => safe.push_str(plain),
            None if c.is_ascii_alphanumeric() => safe.push(c),
            None if !safe.is_empty() && !safe.ends_with('-') => safe.push('-'),
            None => {}
        }
    }
    safe.truncate(63);
    safe.trim_end_matches('-').to_owned()
}

fn without_accent(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'æ' => "ae",
        'à' | 'á' | 'â' | 'ã' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ö' | 'ø' => "oe",
        'ò' | 'ó' | 'ô' | 'õ' => "o",
        'ü' => "ue",
        'ù' | 'ú' | 'û' => "u",
        'ý' | 'ÿ' => "y",
        'ß' => "ss",
        _ => return None,
    })
}
