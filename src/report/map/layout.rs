//! Where everything of the map lies: numbers alone, from facts alone.

use super::starts::{Start, into_lanes, lead};
use crate::diagnostic::words::Count;
use crate::report::facts::{Class, Entrant, Facts, RoleGroup, Subject, Verdict};
use crate::report::words::{capital, few, kind, role_names};

/// Roles and callers that are drawn; of more, those that come first in the tables.
const MOST: usize = 24;

/// Widths of columns, and what is between them.
const NODE: i32 = 236;
const CARD: i32 = 312;
const GAP: i32 = 84;
const MARGIN: i32 = 24;
/// Where the roles in A begin and end, for lines that pass them.
const PAST_A: (i32, i32) = (MARGIN + NODE + GAP - SPACE, MARGIN + 2 * NODE + GAP + SPACE);
/// Heights.
pub(super) const BELOW: i32 = 15;
const LINE: i32 = 20;
const SMALL: i32 = 46;
const HEAD: i32 = 30;
const SPACE: i32 = 14;

/// Everything that is drawn.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) areas: Vec<Area>,
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
    /// What was left out.
    pub(super) note: Option<String>,
}

/// A group of nodes.
#[derive(Debug)]
pub(super) struct Area {
    pub(super) at: Place,
    pub(super) label: String,
    pub(super) is_strange: bool,
}

/// A rectangle.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Somebody, a role or accounts.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Place,
    /// What it is, and for how a line of text looks that says so.
    pub(super) style: &'static str,
    pub(super) name: String,
    /// What else is to be said, in lines.
    pub(super) below: Vec<String>,
    /// What is asked of each who is let in, one line each.
    pub(super) ports: Vec<String>,
}

/// A way from one node to another.
#[derive(Debug)]
pub(super) struct Edge {
    pub(super) from: (i32, i32),
    pub(super) to: (i32, i32),
    pub(super) class: Class,
    pub(super) is_strange: bool,
    /// A straight part on the way, past the roles in A.
    pub(super) lane: Option<Lane>,
}

/// A straight line from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane {
    pub(super) from: i32,
    pub(super) to: i32,
    pub(super) y: i32,
}

/// Lays out the map of a report.
pub(super) fn layout(facts: &Facts) -> Layout {
    let has_hops = !facts.hops.is_empty();
    let roles_at = if has_hops { 2 * (NODE + GAP) } else { NODE + GAP } + MARGIN;
    let mut layout = Layout { width: roles_at + CARD + GAP + NODE + MARGIN, ..Layout::default() };
    let shown = &facts.roles[..facts.roles.len().min(MOST)];
    let (mut callers, mut hops) = (Vec::new(), Vec::new());
    let mut y = MARGIN;
    for (label, is_theirs) in areas(facts) {
        let groups = shown.iter().filter(|group| group.shape.third_party == is_theirs);
        let start = y;
        y += HEAD;
        for group in groups.clone() {
            y = layout.add_role(group, (roles_at, y), facts, &mut callers, &mut hops) + SPACE;
        }
        if groups.count() == 0 {
            y = start;
            continue;
        }
        let at =
            Place { x: roles_at - SPACE, y: start, width: CARD + GAP + NODE + 2 * SPACE, height: y - start };
        layout.areas.push(Area { at, label, is_strange: false });
        y += SPACE;
    }
    let bottom = y;
    let hops_end = if has_hops { layout.add_hops(facts, hops, &mut callers) } else { MARGIN };
    let callers_end = layout.add_callers(facts, callers, has_hops);
    layout.height = bottom.max(hops_end).max(callers_end) + MARGIN;
    let left_out = facts.roles.len() - shown.len();
    layout.note = (left_out > 0)
        .then(|| format!("{} are not drawn; the table below has all of them.", Count(left_out, "more row")));
    layout
}

/// Whose accounts there are.
fn areas(facts: &Facts) -> [(String, bool); 2] {
    let own = match &facts.subject {
        Subject::Spec { source, .. } => match &source.organization_id {
            Some(id) => format!("Organization {id}"),
            None => "Accounts of the spec".to_owned(),
        },
        Subject::Terraform { .. } => "Roles in this folder".to_owned(),
    };
    [(own, false), ("Third parties".to_owned(), true)]
}

fn style(group: &RoleGroup) -> &'static str {
    match (group.shape.verdict, group.shape.retired) {
        (Verdict::Differs, _) => "role differs",
        (Verdict::NotKnown, _) => "role unknown",
        (_, true) => "role retired",
        _ => "role",
    }
}

fn port(entrant: &Entrant) -> String {
    let conditions = if entrant.conditions.is_empty() {
        "no conditions".to_owned()
    } else {
        entrant.conditions.join(" · ")
    };
    if entrant.is_declared { conditions } else { format!("NOT IN THE SPEC: {conditions}") }
}

fn heading(group: &RoleGroup) -> String {
    let words = group.shape.class.words();
    let (kind, verdict) = (kind(group), group.shape.verdict);
    let mut all: Vec<String> = vec![capital(words)];
    all.extend((!kind.is_empty()).then_some(kind));
    all.extend((verdict >= Verdict::NotKnown).then(|| verdict.words().to_owned()));
    all.join(" · ")
}

impl Layout {
    /// Adds a role with its accounts, and returns where it ends.
    fn add_role(
        &mut self,
        group: &RoleGroup,
        (x, y): (i32, i32),
        facts: &Facts,
        callers: &mut Vec<Start>,
        hops: &mut Vec<Start>,
    ) -> i32 {
        let shape = &group.shape;
        let entrants = &shape.entrants[..shape.entrants.len().min(MOST)];
        let mut ports: Vec<String> = entrants.iter().map(port).collect();
        if ports.is_empty() {
            ports.push(
                if shape.not_known.is_empty() { "no one" } else { "who may enter is not known" }.to_owned(),
            );
        }
        let count = i32::try_from(ports.len()).unwrap_or(i32::MAX);
        let height = SMALL + count * LINE + SPACE;
        for (port, entrant) in (0..).zip(entrants) {
            let at = y + SMALL + port * LINE + LINE / 2;
            let hop = facts
                .hops
                .iter()
                .flat_map(|hop| &hop.members)
                .find(|hop| entrant.caller.as_ref() == Some(&hop.target));
            let (list, start) = match hop {
                Some(hop) => (&mut *hops, Start::new(&hop.role, &hop.target, false)),
                None => (&mut *callers, Start::of(entrant)),
            };
            lead(list, start, (x, at), shape.class);
        }
        let at = Place { x, y, width: CARD, height };
        self.nodes.push(Node {
            at,
            style: style(group),
            name: role_names(group),
            below: vec![heading(group)],
            ports,
        });
        self.add_accounts(
            group,
            Place { x: x + CARD + GAP, y: y + (height - SMALL) / 2, width: NODE, height: SMALL },
        );
        y + height
    }

    fn add_accounts(&mut self, group: &RoleGroup, at: Place) {
        let names: Vec<&str> = group.members.iter().map(|member| member.target.as_str()).collect();
        let below = match group.members.as_slice() {
            [only] => only.account_id.clone().unwrap_or_default(),
            many => {
                Count(many.len(), if many[0].account_id.is_some() { "account" } else { "role" }).to_string()
            }
        };
        let middle = at.y + at.height / 2;
        let (from, to) = ((at.x - GAP, middle), (at.x, middle));
        self.edges.push(Edge { from, to, class: group.shape.class, is_strange: false, lane: None });
        let style = if group.shape.retired { "account retired" } else { "account" };
        self.nodes.push(Node { at, style, name: few(&names), below: vec![below], ports: Vec::new() });
    }

    /// Adds the roles in A that callers enter through, and returns where they end.
    fn add_hops(&mut self, facts: &Facts, mut hops: Vec<Start>, callers: &mut Vec<Start>) -> i32 {
        hops.sort_by_key(Start::middle);
        let x = MARGIN + NODE + GAP;
        callers.sort_by_key(Start::middle);
        let mut y = into_lanes(callers, false, x, MARGIN) + HEAD;
        let mut top = None;
        for mut hop in hops {
            let groups =
                facts.hops.iter().filter(|group| group.members.iter().any(|one| one.target == hop.below));
            let group = groups.into_iter().next();
            let entrants = group.map(|group| group.shape.entrants.as_slice()).unwrap_or_default();
            hop.ports = entrants.iter().map(port).collect();
            let count = i32::try_from(hop.ports.len()).unwrap_or(i32::MAX);
            let height = SMALL + count * LINE + if count > 0 { SPACE } else { 0 };
            y = y.max(hop.middle() - height / 2);
            top.get_or_insert(y - HEAD);
            for (port, entrant) in (0..).zip(entrants) {
                lead(callers, Start::of(entrant), (x, y + SMALL + port * LINE + LINE / 2), Class::Assume);
            }
            let at = Place { x, y, width: NODE, height };
            self.leave(&hop, at);
            let style = group.map_or("role", style);
            let below = group.map(heading).into_iter().collect();
            self.nodes.push(Node { at, style, name: hop.name, below, ports: hop.ports });
            y += height + SPACE;
        }
        let top = top.unwrap_or(MARGIN);
        let at = Place { x: x - SPACE, y: top, width: NODE + 2 * SPACE, height: y - top };
        self.areas.push(Area { at, label: account_a(facts), is_strange: false });
        into_lanes(callers, true, x, y)
    }

    /// Adds those who enter, strangers apart, and returns where they end.
    fn add_callers(&mut self, facts: &Facts, callers: Vec<Start>, has_hops: bool) -> i32 {
        let (strange, mut declared): (Vec<Start>, Vec<Start>) =
            callers.into_iter().partition(|caller| caller.is_strange);
        declared.sort_by_key(Start::middle);
        let label = match &facts.subject {
            Subject::Spec { .. } if !has_hops => account_a(facts),
            _ => "Who is let in".to_owned(),
        };
        let end = self.add_starts(declared, MARGIN, label, false);
        self.add_starts(strange, end, "Not in the spec".to_owned(), true)
    }

    fn add_starts(&mut self, starts: Vec<Start>, start: i32, label: String, is_strange: bool) -> i32 {
        if starts.is_empty() {
            return start;
        }
        let first = starts.first().map_or(0, |first| first.middle() - SMALL / 2 - HEAD);
        let start = if is_strange { start } else { start.max(first) };
        let mut y = start + HEAD;
        for caller in starts {
            y = y.max(if is_strange { y } else { caller.middle() - SMALL / 2 });
            let below = wrapped(&caller.below, letters(NODE, Font::Small));
            let more = i32::try_from(below.len()).unwrap_or(i32::MAX).max(1) - 1;
            let at = Place { x: MARGIN, y, width: NODE, height: SMALL + more * BELOW };
            self.leave(&caller, at);
            let style = if is_strange { "caller stranger" } else { "caller" };
            self.nodes.push(Node { at, style, name: caller.name, below, ports: Vec::new() });
            y += at.height + SPACE;
        }
        let at = Place { x: MARGIN - SPACE, y: start, width: NODE + 2 * SPACE, height: y - start };
        self.areas.push(Area { at, label, is_strange });
        y + SPACE
    }

    /// The ways on from a node.
    fn leave(&mut self, start: &Start, at: Place) {
        let from = (at.x + at.width, at.y + at.height.min(SMALL) / 2);
        let edges = start.ways.iter().map(|way| Edge {
            from,
            to: way.to,
            class: way.class,
            is_strange: start.is_strange,
            lane: way.lane.map(|y| Lane { from: PAST_A.0, to: PAST_A.1, y }),
        });
        self.edges.extend(edges);
    }
}

fn account_a(facts: &Facts) -> String {
    match &facts.subject {
        Subject::Spec { source, .. } => format!("Account A ({})", source.account_id),
        Subject::Terraform { .. } => String::new(),
    }
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) enum Font {
    Bold,
    Label,
    Small,
}

/// How many letters have room in a width, in the widest of the fonts that a browser may take.
pub(super) fn letters(width: i32, font: Font) -> usize {
    let tenths = match font {
        Font::Bold => 98,
        Font::Label => 84,
        Font::Small => 72,
    };
    usize::try_from((width - 24) * 10 / tenths).unwrap_or_default()
}

/// A text in lines, broken between words; the last line has the rest, however long.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let end = text.char_indices().nth(most).map(|(end, _)| end);
    let split = end.and_then(|end| text[..=end].rfind(' '));
    match split {
        Some(at) => vec![text[..at].to_owned(), text[at + 1..].to_owned()],
        None => vec![text.to_owned()],
    }
}
