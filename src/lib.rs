//! The widget of Candor: a lead form that can prove it was honest.
//!
//! In a browser (`csr`) it is mounted by `www/loader` into the shadow root of `<candor-form>`; natively (`ssr`) the
//! same views are printed as a plain HTML form. It knows neither the definition's grammar nor a catalogue of texts: it is
//! driven by the compiled form. It never stores anything on the device, and asks the network for nothing before submit.
//!
//! Read `compiled` for what comes in, `form` for what can happen, `consent` and `payload` for what
//! is recorded, `view` for what is seen.

pub mod compiled;
pub mod json;

pub mod form;

pub mod consent;
pub mod payload;

pub mod direction;
pub mod text;
pub mod view;

#[cfg(feature = "ssr")]
pub mod static_form;

#[cfg(target_arch = "wasm32")]
pub mod element;
#[cfg(target_arch = "wasm32")]
pub mod js;
#[cfg(target_arch = "wasm32")]
pub mod options;
#[cfg(target_arch = "wasm32")]
pub mod page;

#[cfg(test)]
mod testing;

/// The version that records name in `capture.widget`, and the path of the bundle.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The style sheet of the widget, for the shadow root and for light DOM alike.
pub const STYLESHEET: &str = concat!(include_str!("view/first.css"), include_str!("view/later.css"));

/// The part of it that a form shows before anybody touched it, for pages that carry the form printed.
pub const FIRST_STYLESHEET: &str = include_str!("view/first.css");

/// Half the code of the standard library's allocator; a form allocates little.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(target_arch = "wasm32")]
pub(crate) fn window() -> web_sys::Window {
    gloo::utils::window()
}
