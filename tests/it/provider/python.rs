//! Classes and their properties, found in generated Python: it is laid out by a program, so a few marks are enough.

/// A class.
pub(super) struct Class<'t> {
    pub(super) name: &'t str,
    /// What stands between its name and its body.
    pub(super) bases: &'t str,
    pub(super) properties: Vec<Property<'t>>,
}

/// A property of a class, with all that belongs to it.
pub(super) struct Property<'t> {
    pub(super) name: &'t str,
    pub(super) decorators: &'t str,
    pub(super) returns: &'t str,
    pub(super) body: &'t str,
}

/// Every class of a file.
pub(super) fn classes(text: &str) -> Vec<Class<'_>> {
    text.split("\nclass ").skip(1).filter_map(class).collect()
}

fn class(text: &str) -> Option<Class<'_>> {
    let (head, body) = text.split_once(":\n")?;
    let name = head.split('(').next()?;
    let properties = body.split("builtins.property\n").skip(1).filter_map(property).collect();
    Some(Class { name, bases: &head[name.len()..], properties })
}

fn property(text: &str) -> Option<Property<'_>> {
    let (decorators, rest) = text.split_once("    def ")?;
    let (name, rest) = rest.split_once('(')?;
    let (_, rest) = rest.split_once("-> ")?;
    let (returns, rest) = rest.split_once(":\n")?;
    let body = rest.split("\n    @").next()?;
    Some(Property { name, decorators, returns, body })
}

impl<'t> Property<'t> {
    /// The class of the generated code that a value is of, if it is.
    pub(super) fn class(&self) -> Option<&'t str> {
        let names = self.returns.split(['"', '\'']).skip(1).step_by(2);
        let mut own = names.filter(|name| !name.contains("IResolvable"));
        own.next().map(|name| name.rsplit('.').next().unwrap_or(name))
    }
}
