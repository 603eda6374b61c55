//! `docs/state.md` and its picture name every state, so that a new one is drawn before it is used.

use candor_record::state::State;

const PAGE: &str = include_str!("../../../../../docs/state.md");
const PICTURE: &str = include_str!("../../../../../docs/images/state.svg");

#[test]
fn the_page_and_the_picture_name_every_state() {
    for state in State::ALL {
        assert!(
            PAGE.contains(&format!("`{state}`")),
            "docs/state.md says nothing of {state}"
        );
        let label = format!(">{state}<");
        assert!(PICTURE.contains(&label), "docs/images/state.svg does not draw {state}");
    }
    assert!(PAGE.contains("images/state.svg"), "docs/state.md shows the picture");
    assert!(
        PICTURE.contains("<title") && PICTURE.contains("<desc"),
        "the picture says what it shows"
    );
}
