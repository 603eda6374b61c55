//! Elements in few bytes. `html!` expands to half a kilobyte of code for each element, and a visitor downloads it: the
//! views would be three times as large.
//!
//! What is absent keeps its place as an empty node: a list that grew in the middle would make Yew replace the controls
//! after it, and with them the selection and the undo history of whoever types there.

use std::rc::Rc;

use yew::prelude::{Html, NodeRef};
use yew::virtual_dom::{Listener, ListenerKind, VNode, VTag, VText};
use yew::{AttrValue, Callback};

/// An element that is being made.
#[derive(Debug)]
pub struct Markup(VTag);

/// An element with its class; the empty class is none.
pub fn tag(name: &'static str, class: &'static str) -> Markup {
    let markup = Markup(VTag::new(AttrValue::Static(name)));
    if class.is_empty() {
        markup
    } else {
        markup.word("class", class)
    }
}

/// A paragraph with a class and a text.
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
        self.0.add_attribute(name, value);
        self
    }

    pub fn word(self, name: &'static str, value: &'static str) -> Self {
        self.attribute(name, AttrValue::Static(value))
    }

    #[inline(never)]
    pub fn set(self, name: &'static str, value: &str) -> Self {
        self.attribute(name, AttrValue::from(value.to_owned()))
    }

    #[inline(never)]
    pub fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.set(name, value),
            None => self,
        }
    }

    /// A boolean attribute: there or not.
    pub fn flag(self, name: &'static str, is_there: bool) -> Self {
        self.maybe(name, is_there.then_some(name))
    }

    /// A part that the page may style.
    pub fn part(self, name: &'static str) -> Self {
        self.word("part", name)
    }

    /// The element carries this text of the list.
    pub fn says(self, reference: &str) -> Self {
        self.set("data-candor-ref", reference)
    }

    /// The value of a control, as a property.
    #[inline(never)]
    pub fn value(mut self, value: &str) -> Self {
        self.0.set_value(Some(AttrValue::from(value.to_owned())));
        self
    }

    pub fn checked(mut self, is_checked: bool) -> Self {
        self.0.set_checked(is_checked);
        self
    }

    pub fn known_as(mut self, node: &NodeRef) -> Self {
        self.0.node_ref = node.clone();
        self
    }

    #[inline(never)]
    pub fn text(self, text: &str) -> Self {
        self.node(VText::new(text.to_owned()).into())
    }

    #[inline(never)]
    pub fn node(mut self, node: Html) -> Self {
        self.0.add_child(node);
        self
    }

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

    /// Listens, where somebody is there to be told.
    #[inline(never)]
    pub fn on(mut self, kind: ListenerKind, act: Option<&Callback<web_sys::Event>>) -> Self {
        if let Some(act) = act {
            self.0.add_listener(Rc::new(Ear { kind, act: act.clone() }));
        }
        self
    }

    #[inline(never)]
    pub fn html(self) -> Html {
        VNode::from(self.0)
    }
}

/// One listener; Yew itself listens once for the whole form and tells whom it concerns.
struct Ear {
    kind: ListenerKind,
    act: Callback<web_sys::Event>,
}

impl Listener for Ear {
    fn kind(&self) -> ListenerKind {
        self.kind.clone()
    }

    fn handle(&self, event: web_sys::Event) {
        self.act.emit(event);
    }

    fn passive(&self) -> bool {
        false
    }
}
