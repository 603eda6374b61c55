//! The functions that `prune` takes out of the widget, each with the reason why nobody misses it.
//!
//! A path is the one of the source, as rustc demangles it, and stands for everything below it. Only what ends in a trap
//! anyway may stand here, or what this widget never calls.

/// A panic: its words are made here, and then the module traps. There is nobody to read them, so it traps at once. With
/// `--min` there are none; otherwise it depends on the code which of them there are.
pub(super) const PANICS: [&str; 17] = [
    "core::panicking",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::result::unwrap_failed",
    "core::cell::panic_already_borrowed",
    "core::cell::panic_already_mutably_borrowed",
    "core::cell::lazy::panic_poisoned",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_index_fail",
    "core::str::slice_error_fail",
    "core::str::slice_error_fail_rt",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "__rustc::__rust_alloc_error_handler",
    "wasm_bindgen::__rt::borrow_fail",
    // Yew's hook, which would write the words to the console.
    "console_error_panic_hook::hook",
    // It tells which node could not be put into the page, and panics.
    "gloo_console",
];

/// What the widget never calls, though its compiler cannot know.
pub(super) const UNUSED: [&str; 28] = [
    // The views have no raw HTML, no portal, nothing that waits for data, and one component, the root.
    "yew::virtual_dom::vraw::VRaw as yew::dom_bundle::traits::Reconcilable",
    "yew::dom_bundle::braw::BRaw",
    "yew::virtual_dom::vportal::VPortal as yew::dom_bundle::traits::Reconcilable",
    "yew::virtual_dom::vsuspense::VSuspense as yew::dom_bundle::traits::Reconcilable",
    "yew::html::component::scope::AnyScope>::find_parent_scope",
    "yew::virtual_dom::vcomp::VComp as yew::dom_bundle::traits::Reconcilable",
    "alloc::rc::Rc<yew::virtual_dom::vportal::VPortal",
    "alloc::rc::Rc<yew::virtual_dom::vsuspense::VSuspense",
    "alloc::rc::Rc<yew::virtual_dom::vcomp::VComp",
    "yew::html::component::lifecycle::ComponentState>::suspend",
    "core::ptr::drop_in_place::<yew::suspense::suspension::Suspension",
    // What the root is given when it is made never changes.
    "yew::html::component::lifecycle::CompStateInner<candor_form::view::widget::Widget> as yew::html::component::lifecycle::Stateful>::props_changed",
    // Every rendering is made anew, and handed over.
    "yew::virtual_dom::vnode::VNode as core::clone::Clone",
    "yew::virtual_dom::vlist::VList as core::clone::Clone",
    // No list has keys, so that no node moves.
    "yew::dom_bundle::bnode::BNode as yew::dom_bundle::traits::ReconcileTarget>::shift",
    "hashbrown::raw::RawTable<(yew::dom_bundle::blist::KeyedEntry, ())>>::reserve_rehash",
    // Every element has the same list of attributes (src/view/markup.rs), so that no maps are compared.
    "yew::virtual_dom::Attributes>::apply_diff_as_maps",
    "indexmap::map::IndexMap",
    "alloc::rc::Rc<indexmap::map::IndexMap",
    "core::iter::adapters::filter_map::FilterMap<indexmap::map::iter::Iter",
    "core::iter::adapters::filter_map::FilterMap<core::slice::iter::Iter<(&str, yew::virtual_dom::AttributeOrProperty)>",
    // The form listens for its controls itself (src/element.rs).
    "yew::dom_bundle::btag::listeners::ListenerRegistration>::register",
    "yew::dom_bundle::btag::listeners::Registry>::unregister",
    "hashbrown::raw::RawTable<(u32, std::collections::hash::map::HashMap<yew::dom_bundle::subtree_root::EventDescriptor",
    "yew::dom_bundle::subtree_root::SubtreeData>::add_listener",
    "yew::dom_bundle::subtree_root::BSubtree>::ensure_handled",
    "yew::dom_bundle::subtree_root::EventDescriptor as core::clone::Clone",
    "std::collections::hash::map::HashMap<yew::dom_bundle::subtree_root::EventDescriptor",
];

/// What has the same answer each time in this widget, though its compiler cannot know. wasm-opt then takes out what
/// another answer would lead to.
pub(super) const ANSWERS: [(&str, bool); 2] = [
    // No list has keys: the half of each comparison that moves nodes goes.
    ("yew::virtual_dom::vlist::VList>::fully_keyed", false),
    ("yew::virtual_dom::vnode::VNode>::has_key", false),
];

/// Whether the path names this function.
pub(super) fn is_below(function: &str, path: &str) -> bool {
    // Another release of the standard library has the same elsewhere, or calls it something else.
    let function = function.replace("alloc::rcs::rc::", "alloc::rc::");
    let function = function.replace("core::ptr::drop_glue::", "core::ptr::drop_in_place::");
    let rest = function.trim_start_matches('<').strip_prefix(path);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '<', '>', ' ', ',']))
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_path_names_what_stands_below_it_and_nothing_beside_it() {
        for (function, path, expected) in [
            ("core::panicking::panic_fmt", "core::panicking", true),
            (
                "core::panicking::assert_failed::<usize, usize>",
                "core::panicking",
                true,
            ),
            ("core::option::unwrap_failed", "core::option::unwrap_failed", true),
            (
                "core::option::unwrap_failed_kindly",
                "core::option::unwrap_failed",
                false,
            ),
            ("my::core::panicking::panic", "core::panicking", false),
            ("<yew::app::Handle<X>>::destroy", "yew::app::Handle", true),
            ("<yew::app::Handle<X>>::destroy", "X", false),
            ("<my::hook as core::ops::FnOnce>::call_once", "my::hook", true),
            ("<alloc::rcs::rc::Rc<X> as Y>::z", "alloc::rc::Rc<X> as Y", true),
            ("<alloc::rc::Rc<my::X>>::drop_slow", "alloc::rc::Rc<my::X", true),
            (
                "core::ptr::drop_glue::<my::X>",
                "core::ptr::drop_in_place::<my::X",
                true,
            ),
            (
                "core::ptr::drop_glue::<my::Xs>",
                "core::ptr::drop_in_place::<my::X",
                false,
            ),
            ("<yew::Attributes>::diff::collect", "yew::Attributes>::diff", true),
            ("<yew::Attributes>::set", "yew::Attributes>::diff", false),
        ] {
            assert_eq!(is_below(function, path), expected, "{function} {path}");
        }
    }
}
