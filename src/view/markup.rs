//! Elements in few bytes. `html!` expands to half a kilobyte of code for each element, and a visitor downloads it: the
//! views would be three times as large.
//!
//! What is absent keeps its place as an empty node: a list that grew in the middle would make Yew replace the controls
//! after it, and with them the selection and the undo history of whoever types there.

use std::rc::Rc;

use yew::AttrValue;
use yew::prelude::{Html, NodeRef};
use yew::virtual_dom::{AttributeOrProperty, Attributes, VNode, VTag, VText};

/// Every attribute that the views use. One list for all elements: Yew then compares two renderings place by place, and
/// neither a map nor its hashes come along.
const ATTRIBUTES: &[&str] = &[
    #[cfg(feature = "ssr")]
    "accept-charset",
    "action",
    "aria-describedby",
    "aria-disabled",
    "aria-hidden",
    "aria-invalid",
    "aria-labelledby",
    "autocapitalize",
    "autocomplete",
    "autofocus",
    "class",
    "data-candor-ref",
    "dir",
    "download",
    "enterkeyhint",
    "for",
    "href",
    "id",
    "inputmode",
    "lang",
    "maxlength",
    "method",
    "name",
    "novalidate",
    "part",
    "readonly",
    "rel",
    "required",
    "role",
    "rows",
    "selected",
    "spellcheck",
    "tabindex",
    "target",
    "type",
    "value",
];

/// An element that is being made. One pointer: it goes from call to call, and each view is a chain of them.
#[derive(Debug)]
pub struct Markup(Box<Parts>);

#[derive(Debug)]
struct Parts {
    element: VTag,
    attributes: Box<[Option<AttributeOrProperty>]>,
}

/// An element with its class; the empty class is none.
#[inline(never)]
pub fn tag(name: &'static str, class: &'static str) -> Markup {
    let markup = Markup(Box::new(Parts {
        element: VTag::new(AttrValue::Static(name)),
        attributes: ATTRIBUTES.iter().map(|_| None).collect(),
    }));
    if class.is_empty() {
        markup
    } else {
        markup.word("class", class)
    }
}

/// A paragraph with a class and a text.
#[inline(never)]
pub fn paragraph(class: &'static str, text: &str) -> Markup {
    tag("p", class).text(text)
}

/// A link that opens apart, and tells the other site nothing.
pub fn outside_link(address: &str, text: &str) -> Markup {
    tag("a", "")
        .set("href", address)
        .word("target", "_blank")
        .word("rel", "noopener noreferrer")
        .text(text)
}

impl Markup {
    #[inline(never)]
    pub fn attribute(mut self, name: &'static str, value: AttrValue) -> Self {
        let place = ATTRIBUTES
            .iter()
            .position(|known| *known == name)
            .expect("every attribute is in the list");
        self.0.attributes[place] = Some(AttributeOrProperty::Attribute(value));
        self
    }

    #[inline(never)]
    pub fn word(self, name: &'static str, value: &'static str) -> Self {
        self.attribute(name, AttrValue::Static(value))
    }

    #[inline(never)]
    pub fn set(self, name: &'static str, value: &str) -> Self {
        self.attribute(name, AttrValue::from(Rc::<str>::from(value)))
    }

    #[inline(never)]
    pub fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// A boolean attribute: there or not.
    #[inline(never)]
    pub fn flag(self, name: &'static str, is_there: bool) -> Self {
        self.maybe(name, is_there.then_some(name))
    }

    /// A part that the page may style.
    #[inline(never)]
    pub fn part(self, name: &'static str) -> Self {
        self.word("part", name)
    }

    /// The element carries this text of the list.
    #[inline(never)]
    pub fn says(self, reference: &str) -> Self {
        self.set("data-candor-ref", reference)
    }

    /// The value of a control, as a property.
    #[inline(never)]
    pub fn value(mut self, value: &str) -> Self {
        self.0.element.set_value(Some(AttrValue::from(Rc::<str>::from(value))));
        self
    }

    #[inline(never)]
    pub fn checked(mut self, is_checked: bool) -> Self {
        self.0.element.set_checked(is_checked);
        self
    }

    #[inline(never)]
    pub fn known_as(mut self, node: &NodeRef) -> Self {
        self.0.element.node_ref = node.clone();
        self
    }

    #[inline(never)]
    pub fn text(self, text: &str) -> Self {
        self.node(VText::new(AttrValue::from(Rc::<str>::from(unbroken(text)))).into())
    }

    #[inline(never)]
    pub fn node(mut self, node: Html) -> Self {
        self.0.element.add_child(node);
        self
    }

    #[inline(never)]
    pub fn child(self, child: Self) -> Self {
        self.node(child.html())
    }

    /// A child, or its empty place.
    #[inline(never)]
    pub fn option(self, child: Option<Self>) -> Self {
        self.node(child.map(Self::html).unwrap_or_default())
    }

    pub fn children(self, children: impl Iterator<Item = Self>) -> Self {
        children.fold(self, Self::child)
    }

    #[inline(never)]
    pub fn html(self) -> Html {
        let Parts {
            mut element,
            attributes,
        } = *self.0;
        element.set_attributes(Attributes::Dynamic {
            keys: ATTRIBUTES,
            values: attributes,
        });
        VNode::from(element)
    }
}

/// No line ends before a mark that French sets apart, nor between a number and its one sign or letter. Read back, the
/// no-break space is a space again (record.md §5).
pub fn unbroken(text: &str) -> String {
    let mut unbroken = String::with_capacity(text.len() + 8);
    let (mut before, mut opened) = (' ', false);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let mut ahead = characters.clone();
        let closes = match ahead.next() {
            Some(':' | ';' | '?' | '!') => true,
            // Danish opens with this mark, and a word follows.
            Some('»') => matches!(ahead.next(), None | Some(..'A' | '\u{a0}' | '\u{202f}')),
            Some(sign) if sign != '«' => before.is_ascii_digit() && !matches!(ahead.next(), Some('0'..='9' | 'A'..)),
            _ => false,
        };
        unbroken.push(if character == ' ' && (opened || closes) {
            '\u{a0}'
        } else {
            character
        });
        opened = character == '«' && before < 'A';
        before = character;
    }
    unbroken
}

#[cfg(test)]
mod tests {
    use super::unbroken;

    #[test]
    fn french_marks_stay_with_their_words() {
        let check = |text: &str, expected: &str| assert_eq!(unbroken(text), expected, "{text}");
        check("Responsable : Acme", "Responsable\u{a0}: Acme");
        check("sur « Gérer mes choix » ?", "sur «\u{a0}Gérer mes choix\u{a0}»\u{a0}?");
        check("Controller: Acme", "Controller: Acme");
        check("(« ici », 3 « là »)", "(«\u{a0}ici\u{a0}», 3 «\u{a0}là\u{a0}»)");
        check("under »Mine valg« og »Vilkår«.", "under »Mine valg« og »Vilkår«.");
        check("", "");
    }

    #[test]
    fn a_number_keeps_its_sign() {
        let check = |text: &str, expected: &str| assert_eq!(unbroken(text), expected, "{text}");
        check("entre 9 h et 18 h.", "entre 9\u{a0}h et 18\u{a0}h.");
        check("10 % de 5 €", "10\u{a0}% de 5\u{a0}€");
        check("36 mois, 3 ans", "36 mois, 3 ans");
        check("75001 Paris", "75001 Paris");
    }
}
