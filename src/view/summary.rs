//! The error summary: what is wrong, in one place, with a link to each field. It takes the focus when it comes.

use yew::prelude::*;

use crate::form::state::Phase;
use crate::view::attr;
use crate::view::sheet::Sheet;

pub fn summary(sheet: &Sheet<'_>) -> Html {
    let state = sheet.state;
    let failure = match &state.phase {
        Phase::Failed(message) => Some(attr(message)),
        _ => None,
    };
    if failure.is_none() && state.errors.is_empty() {
        return Html::default();
    }
    let line = |error: &crate::form::field::FieldError| {
        let target = sheet.ids.of(&sheet.form.fields[error.field].id, "");
        html! { <li><a href={["#", &target].concat()}>{ attr(&error.message) }</a></li> }
    };
    html! {
        <div class="candor-summary" part="error" role="alert" tabindex="-1" ref={sheet.summary.clone()}>
            <p class="candor-summary-title">{ attr(sheet.form.messages.say("error_summary_title")) }</p>
            if let Some(message) = failure { <p>{ message }</p> }
            if !state.errors.is_empty() { <ul>{ for state.errors.iter().map(line) }</ul> }
        </div>
    }
}
