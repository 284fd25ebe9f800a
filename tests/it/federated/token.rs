//! Made-up tokens with what is right or wrong with them: what any issuer's can be, whoever the caller is.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::context::{Request, request};
use super::names::{alike, changed_case, matches, shortened};
use crate::hcl::generator::Random;

/// What a token says.
pub(crate) type Claims = Map<String, Value>;

/// How often every kind of token is made up for a caller.
const ROUNDS: usize = 8;
/// Fewer tokens than this, and something has become of the kinds.
const LEAST_TOKENS: usize = 200;

/// A token, whether it is of the workload that is meant, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) claims: Claims,
    pub(crate) is_right: bool,
    pub(crate) why: &'static str,
}

/// A workload, as a person describes it.
pub(crate) trait Caller {
    /// Subjects of its tokens, in which `*` stands for any text.
    fn subjects(&self) -> Vec<String>;

    /// One of its own tokens.
    fn own(&self, random: &mut Random) -> Claims;

    /// Tokens of others, whose subjects say so.
    fn strangers(&self, random: &mut Random) -> Vec<Token>;

    /// Tokens of others whose subjects could be its own, but for other claims.
    fn impostors(&self, random: &mut Random) -> Vec<Token>;
}

impl Token {
    pub(super) fn wrong(why: &'static str, claims: Claims) -> Self {
        Self { claims, is_right: false, why }
    }

    /// One claim, if it is a text.
    pub(super) fn text(&self, claim: &str) -> &str {
        self.claims.get(claim).and_then(Value::as_str).unwrap_or_default()
    }
}

/// The tokens of a caller and of those who are not, the same for the same seed.
///
/// No token is right that AWS could not tell from a wrong one.
#[track_caller]
pub(crate) fn tokens(caller: &dyn Caller, seed: u64) -> Vec<Token> {
    let mut random = Random::new(seed);
    let subjects = caller.subjects();
    let is_admitted = |token: &Token| subjects.iter().any(|subject| matches(subject, token.text("sub")));
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        for _ in 0..8 {
            let own = Token { claims: caller.own(&mut random), is_right: true, why: "its own" };
            assert!(is_admitted(&own), "{own:?} is not of {subjects:?}");
            found.push(own);
        }
        let mut strangers = caller.strangers(&mut random);
        strangers.extend(misspelt(&caller.own(&mut random), &mut random));
        strangers.retain(|token| !is_admitted(token));
        found.extend(strangers);
        found.extend(caller.impostors(&mut random));
        found.extend(misdirected(&caller.own(&mut random), &mut random));
    }
    let mut requests = BTreeMap::<Request, &Token>::new();
    for token in &found {
        let other = requests.entry(request(&token.claims)).or_insert(token);
        assert_eq!(other.is_right, token.is_right, "told apart by nothing: {other:?} and {token:?}");
    }
    assert!(found.len() >= LEAST_TOKENS, "only {} tokens", found.len());
    found
}

/// The same claims, but for one.
pub(super) fn with(claims: &Claims, claim: &str, value: impl Into<Value>) -> Claims {
    let mut claims = claims.clone();
    claims.insert(claim.to_owned(), value.into());
    claims
}

/// The same claims without one.
pub(super) fn without(claims: &Claims, claim: &str) -> Claims {
    let mut claims = claims.clone();
    claims.shift_remove(claim);
    claims
}

/// Tokens whose subjects are nearly right.
fn misspelt(own: &Claims, random: &mut Random) -> Vec<Token> {
    let subject = own["sub"].as_str().expect("a subject is a text");
    let half = subject.rfind([':', '/']).unwrap_or(0);
    let subjects = [
        ("a subject in other case", changed_case(subject, random)),
        ("a subject in capitals", subject.to_uppercase()),
        (
            "a subject with more behind it",
            format!("{subject}{}", random.pick(&["x", ":x", "/x", "-evil", " "])),
        ),
        (
            "a subject with more before it",
            format!("{}{subject}", random.pick(&["x", "x:", "evil/", "repo:", " "])),
        ),
        ("a subject that ends too soon", shortened(subject).to_owned()),
        ("half a subject", subject[..half].to_owned()),
        ("the other half of a subject", subject[half..].to_owned()),
        ("a star for a subject", "*".to_owned()),
        ("an empty subject", String::new()),
    ];
    let token = |(why, subject): (&'static str, String)| Token::wrong(why, with(own, "sub", subject));
    subjects.into_iter().map(token).collect()
}

/// Tokens that are for somebody else, by somebody else, or lack what every token has.
fn misdirected(own: &Claims, random: &mut Random) -> Vec<Token> {
    let text = |claim: &str| own[claim].as_str().expect("a text").to_owned();
    let (issuer, audience) = (text("iss"), text("aud"));
    let stranger =
        random.pick(&["https://github.com/stranger", "sts.amazonaws.com.evil.example", "vault", "*"]);
    let audiences = [
        ("another audience", stranger.to_owned()),
        ("an audience in capitals", audience.to_uppercase()),
        ("an audience with more behind it", format!("{audience}/")),
        ("an audience that ends too soon", shortened(&audience).to_owned()),
    ];
    let others = audiences.into_iter().filter(|(_, other)| *other != audience);
    let mut tokens: Vec<Token> =
        others.map(|(why, other)| Token::wrong(why, with(own, "aud", other))).collect();
    let (host, path) = host_and_path(&issuer);
    let issuers = [
        ("an issuer below its own", format!("{issuer}/{}", alike("acme", random))),
        ("a host below its own", format!("https://{}.{host}{path}", random.pick(&["evil", "acme", "a.b"]))),
        ("a host that begins with its own", format!("https://{host}.evil.example{path}")),
        ("a host that ends with its own", format!("https://evil-{host}{path}")),
    ];
    tokens.extend(issuers.map(|(why, issuer)| Token::wrong(why, with(own, "iss", issuer))));
    tokens.push(Token::wrong("for another authorized party", with(own, "azp", stranger)));
    tokens.push(Token::wrong("no audience", without(own, "aud")));
    tokens.push(Token::wrong("no subject", without(own, "sub")));
    let bare = [("iss", json!(issuer)), ("aud", json!(audience))];
    let bare = bare.into_iter().map(|(claim, value)| (claim.to_owned(), value)).collect();
    tokens.push(Token::wrong("nothing but an audience", bare));
    tokens
}

/// The host of an issuer's URL, and what is behind it.
fn host_and_path(issuer: &str) -> (&str, &str) {
    let rest = issuer.trim_start_matches("https://");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}
