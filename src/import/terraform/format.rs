//! `format(…)`, as far as its verbs are plain: `%s`, `%v`, `%t`, `%q`, `%d` with a width, `%%`.

use serde_json::Value;

/// The text that a format and its arguments make; `None` for what Terraform would refuse, and for
/// verbs that nobody writes into names and ARNs.
pub(super) fn format(template: &str, arguments: &[Value]) -> Option<String> {
    let mut text = String::new();
    let mut arguments = arguments.iter();
    let mut rest = template;
    while let Some((plain, behind)) = rest.split_once('%') {
        text.push_str(plain);
        let verb = behind.find(|c: char| !c.is_ascii_digit() && c != '-')?;
        let (width, behind) = behind.split_at(verb);
        let c = behind.chars().next()?;
        rest = &behind[c.len_utf8()..];
        match c {
            '%' if width.is_empty() => text.push('%'),
            _ => text.push_str(&padded(&piece(c, arguments.next()?)?, width, c)?),
        }
    }
    text.push_str(rest);
    arguments.next().is_none().then_some(text)
}

fn piece(verb: char, argument: &Value) -> Option<String> {
    let text = match argument {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => argument.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let is_whole = |text: &str| {
        let digits = text.strip_prefix('-').unwrap_or(text);
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    match verb {
        's' | 'v' => Some(text),
        't' => Some(text).filter(|text| text == "true" || text == "false"),
        'd' => Some(text).filter(|text| is_whole(text)).map(|text| without_zeros(&text)),
        'q' => Some(Value::String(text).to_string()),
        _ => None,
    }
}

/// `007` as a number is `7`.
fn without_zeros(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0".to_owned() } else { format!("{sign}{digits}") }
}

/// A piece as wide as it is to be: with blanks before it, behind it after `-`, or zeros after `0`.
fn padded(piece: &str, width: &str, verb: char) -> Option<String> {
    if width.is_empty() {
        return Some(piece.to_owned());
    }
    let size = width.trim_start_matches(['-', '0']);
    let size: usize = if size.is_empty() { 0 } else { size.parse().ok().filter(|size| *size <= 256)? };
    let fill = " ".repeat(size.saturating_sub(piece.chars().count()));
    match width.as_bytes()[0] {
        b'-' => Some(format!("{piece}{fill}")),
        b'0' if verb == 'd' && !piece.starts_with('-') => Some(format!("{}{piece}", fill.replace(' ', "0"))),
        b'0' => None,
        _ => Some(format!("{fill}{piece}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::format;

    #[test]
    fn plain_verbs_are_filled_in() {
        for (template, arguments, wanted) in [
            (
                "arn:aws:iam::%s:role/%s",
                json!(["222222222222", "x"]),
                Some("arn:aws:iam::222222222222:role/x"),
            ),
            ("%v-%v-%t", json!([7, true, false]), Some("7-true-false")),
            ("%012d|%3d|%-3d|%d", json!(["0123", 7, 7, -5]), Some("000000000123|  7|7  |-5")),
            ("100%% %q", json!(["a\"b"]), Some("100% \"a\\\"b\"")),
            ("é%sé", json!(["%s"]), Some("é%sé")),
            ("%s", json!([]), None),
            ("x", json!(["more"]), None),
            ("%s", json!([["a"]]), None),
            ("%d", json!(["a"]), None),
            ("%[1]s", json!(["a"]), None),
            ("%.2f", json!([1]), None),
            ("%99999d", json!([1]), None),
            ("%", json!([]), None),
            ("%é", json!([1]), None),
        ] {
            let arguments = arguments.as_array().expect("a list");
            assert_eq!(format(template, arguments).as_deref(), wanted, "{template}");
        }
    }
}
