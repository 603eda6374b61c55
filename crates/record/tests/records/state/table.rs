//! Each row of the table of §6, and each decision about it.

use super::{life, spelled, state_of};

#[track_caller]
fn check(rows: &[&str]) {
    for row in rows {
        let (text, expected) = row.split_once("->").expect("a life and what it amounts to");
        assert_eq!(spelled(&state_of(&life(text))), expected.trim(), "{row}");
    }
}

#[test]
fn a_form_with_double_opt_in_waits() {
    check(&[
        "a2 newsletter=given -> newsletter=pending",
        "a2 tips=informed offers=informed -> offers=pending tips=pending",
        "a2 newsletter=not-given tips=objected call=not-shown ebook=informed -> call=not-shown ebook=informed newsletter=not-given tips=objected",
        "a1 newsletter=given; b2 newsletter=not-given -> newsletter=given",
        "a1 newsletter=not-given; b2 newsletter=given -> newsletter=not-given",
        "a1 tips=informed; b2 tips=objected -> tips=informed",
        // Of several wishes the latest that asks for something shows.
        "a2 newsletter=given; b2 newsletter=not-given -> newsletter=pending",
        "a2 newsletter=not-given; b2 newsletter=given -> newsletter=pending",
        "a2 newsletter=not-shown; b2 newsletter=not-given; c2 newsletter=not-shown -> newsletter=not-given",
    ]);
}

#[test]
fn a_held_consent_makes_its_submission_wait() {
    check(&[
        "a1 newsletter=held -> newsletter=held",
        "a1 newsletter=held call=given tips=informed -> call=pending newsletter=held tips=pending",
        "a1 newsletter=held call=given; a confirms call -> call=given newsletter=held",
        "a1 newsletter=held call=given; a confirms newsletter call -> call=given newsletter=given",
        "a2 newsletter=held; a confirms newsletter=not-given -> newsletter=held",
        // Ticked on the page later on.
        "a2 newsletter=held call=given; a confirms call; a confirms newsletter -> call=given newsletter=given",
        "a1 newsletter=given; b1 newsletter=held -> newsletter=given",
    ]);
}

#[test]
fn a_form_without_double_opt_in_takes_effect_where_there_is_no_state() {
    check(&[
        "a1 newsletter=given call=not-given tips=informed offers=not-shown -> call=not-given newsletter=given offers=not-shown tips=informed",
        "a1 newsletter=not-given; b1 newsletter=given -> newsletter=not-given",
        "a1 newsletter=not-given; b1 newsletter=given; b confirms newsletter -> newsletter=given",
        "a1 tips=informed; b1 tips=objected -> tips=informed",
        "a1 tips=informed; b1 tips=objected; b confirms tips=objected -> tips=objected",
        // Per purpose: what is new takes effect, what has a state waits.
        "a1 newsletter=given; b1 newsletter=not-given call=given -> call=given newsletter=given",
        // What is pending, or was never shown, is no state.
        "a2 newsletter=given; b1 newsletter=given -> newsletter=given",
        "a2 newsletter=given; b1 newsletter=not-given -> newsletter=not-given",
        "a1 newsletter=not-shown; b1 newsletter=given -> newsletter=given",
    ]);
}

#[test]
fn taking_effect() {
    check(&[
        "a2 newsletter=given; a confirms newsletter -> newsletter=given",
        // Downloading again does not end a subscription.
        "a1 newsletter=given; b2 newsletter=not-given; b confirms newsletter=not-given -> newsletter=given",
        "a2 newsletter=not-given call=given; a confirms call -> call=given newsletter=not-given",
        "a2 tips=objected call=given; a confirms call -> call=given tips=objected",
        "a1 tips=objected; b2 tips=informed; b confirms tips=informed -> tips=objected",
        // Objected in one breath with being told, in either order.
        "a1 tips=objected offers=informed -> offers=objected tips=objected",
        "a1 offers=informed tips=objected -> offers=objected tips=objected",
        "a2 offers=informed tips=objected newsletter=given; a confirms newsletter -> newsletter=given offers=objected tips=objected",
    ]);
}

#[test]
fn confirmation() {
    check(&[
        "a2 newsletter=given tips=informed; a confirms newsletter -> newsletter=given tips=informed",
        // A confirmation can say less than its submission, never more.
        "a2 newsletter=given call=given; a confirms newsletter call=not-given -> call=not-given newsletter=given",
        "a2 newsletter=not-given call=given; a confirms newsletter call -> call=given newsletter=not-given",
        // Once is once.
        "a2 newsletter=given; a confirms newsletter; a withdraws newsletter; a confirms newsletter -> newsletter=withdrawn",
        // Given again.
        "a1 newsletter=given; a withdraws newsletter; b1 newsletter=given -> newsletter=withdrawn",
        "a1 newsletter=given; a withdraws newsletter; b1 newsletter=given; b confirms newsletter -> newsletter=given",
        "a1 newsletter=given; a expires newsletter; b2 newsletter=given; b confirms newsletter -> newsletter=given",
        // Of a chain whose submission is not here.
        "a2 newsletter=given; z confirms newsletter -> newsletter=pending",
    ]);
}

#[test]
fn withdrawal() {
    check(&[
        "a1 newsletter=given; a withdraws newsletter -> newsletter=withdrawn",
        // It bars what needs no consent, of the same kind and channel; other consents stand.
        "a1 newsletter=given partners=given tips=informed offers=informed survey=informed visit=informed ebook=informed; a withdraws newsletter -> ebook=informed newsletter=withdrawn offers=objected partners=given survey=informed tips=objected visit=informed",
        "a1 newsletter=given; a withdraws newsletter; b1 tips=informed -> newsletter=withdrawn tips=objected",
        "a1 newsletter=given; a withdraws newsletter; b2 tips=informed -> newsletter=withdrawn tips=objected",
        "a1 newsletter=given; a withdraws newsletter; b2 tips=informed; b confirms tips=informed -> newsletter=withdrawn tips=objected",
        "b2 tips=informed; a1 newsletter=given; a withdraws newsletter; b confirms tips=informed -> newsletter=withdrawn tips=objected",
        // A consent given later revives no legitimate interest.
        "a1 newsletter=given tips=informed; a withdraws newsletter; b2 newsletter=given tips=informed; b confirms newsletter -> newsletter=given tips=objected",
        "a1 newsletter=given tips=informed; a withdraws newsletter; b1 partners=given -> newsletter=withdrawn partners=given tips=objected",
        // In a chain that did not take effect it cancels that chain's own wish.
        "a2 newsletter=given; a withdraws newsletter -> newsletter=withdrawn",
        "a2 newsletter=given; a withdraws newsletter; a confirms newsletter -> newsletter=withdrawn",
        "a2 newsletter=given; a withdraws newsletter; b1 tips=informed -> newsletter=withdrawn tips=informed",
        "a1 newsletter=given tips=informed; b2 newsletter=given; b withdraws newsletter -> newsletter=given tips=informed",
        "a1 newsletter=given; b1 newsletter=given; b withdraws newsletter; b confirms -> newsletter=given",
        // A chain that was in effect once is one's own still.
        "a1 newsletter=given; b2 newsletter=given; b confirms newsletter; a withdraws newsletter -> newsletter=withdrawn",
        // A no is heard although its submission is not here.
        "a1 newsletter=given tips=informed; z withdraws newsletter -> newsletter=withdrawn tips=objected",
        "z withdraws newsletter -> ",
        // Where there is nothing to take back.
        "a2 ebook=informed; a withdraws ebook -> ebook=informed",
        "a1 ebook=informed tips=informed; a withdraws ebook -> ebook=informed tips=informed",
    ]);
}

#[test]
fn objection() {
    check(&[
        "a1 tips=informed; a objects tips -> tips=objected",
        "a1 tips=informed offers=informed newsletter=given; a objects tips -> newsletter=given offers=objected tips=objected",
        "a1 tips=objected; b1 offers=informed -> offers=objected tips=objected",
        "a1 tips=objected; b2 offers=informed; b confirms offers=informed -> offers=objected tips=objected",
        "a1 tips=objected; b1 newsletter=given -> newsletter=given tips=objected",
        // A submission by itself ends nothing that another chain began, not even through the class.
        "a1 tips=informed; b1 offers=objected -> offers=objected tips=informed",
        "a1 tips=informed; b1 offers=objected newsletter=given; b confirms -> newsletter=given offers=objected tips=objected",
        "a1 tips=informed; b1 offers=objected; c1 survey=informed; c objects survey -> offers=objected survey=objected tips=informed",
        "a1 tips=informed; b1 offers=objected; c1 offers=objected; b confirms -> offers=objected tips=objected",
        // In a chain that did not take effect.
        "a2 tips=informed; a objects tips -> tips=objected",
        "a2 tips=informed; a objects tips; b1 offers=informed -> offers=informed tips=objected",
        "a1 tips=informed; b2 tips=informed; b objects tips -> tips=informed",
        "a2 tips=objected; b1 offers=informed -> offers=informed tips=objected",
        "a1 tips=informed; z objects tips -> tips=objected",
    ]);
}

#[test]
fn lifting() {
    check(&[
        "a1 tips=informed; a objects tips; a lifts tips -> tips=informed",
        // For the class; another purpose of it comes back when the person reads of it.
        "a1 tips=informed offers=informed; a objects tips; a lifts tips -> offers=objected tips=informed",
        "a1 tips=informed offers=informed; a objects tips; a lifts tips offers -> offers=informed tips=informed",
        "a1 tips=informed offers=informed; a objects tips; a lifts tips; b2 offers=informed; b confirms -> offers=informed tips=informed",
        "a1 tips=informed; a objects tips; a lifts tips; b1 offers=informed -> offers=informed tips=informed",
        // The purpose that the person objected to by name waits for its own.
        "a1 tips=informed offers=informed; a objects tips; a objects offers; a lifts tips; b2 offers=informed; b confirms -> offers=objected tips=informed",
        "a1 newsletter=given tips=informed; a withdraws newsletter; a lifts tips -> newsletter=withdrawn tips=informed",
        // For a purpose of the class that is a consent: the bar falls, the consent stays withdrawn.
        "a1 newsletter=given; a withdraws newsletter; a lifts newsletter; b1 tips=informed -> newsletter=withdrawn tips=informed",
        // What was told while the bar stood asks anew once it has fallen.
        "a1 newsletter=given; a withdraws newsletter; b1 tips=informed; a lifts newsletter -> newsletter=withdrawn tips=pending",
        // Not by a chain that proved nothing.
        "a1 newsletter=given; a withdraws newsletter; b1 tips=informed; b lifts tips -> newsletter=withdrawn tips=objected",
        "a1 tips=informed; a objects tips; b2 tips=informed; b lifts tips -> tips=objected",
        "a1 tips=informed; a objects tips; b2 tips=informed; b confirms; b lifts tips -> tips=informed",
        "a1 tips=informed; a objects tips; z lifts tips -> tips=objected",
    ]);
}

#[test]
fn renewal() {
    check(&[
        "a1 newsletter=given; a renews newsletter -> newsletter=renewed",
        "a1 newsletter=given; a renews newsletter; a renews newsletter -> newsletter=renewed",
        "a1 newsletter=given; a expires newsletter; a renews newsletter -> newsletter=renewed",
        "a1 newsletter=given tips=informed; a withdraws newsletter; a renews newsletter -> newsletter=renewed tips=objected",
        "a1 newsletter=not-given; a renews newsletter -> newsletter=not-given",
        "a2 newsletter=given; a renews newsletter -> newsletter=pending",
        "a1 newsletter=given; a withdraws newsletter; b2 newsletter=given; b renews newsletter -> newsletter=withdrawn",
        "a1 newsletter=given; a erases newsletter; a renews newsletter -> newsletter=erased",
        "a1 tips=informed; a renews tips -> tips=informed",
        "a1 newsletter=given; z renews newsletter -> newsletter=given",
    ]);
}

#[test]
fn expiry() {
    check(&[
        "a1 newsletter=given; a expires newsletter -> newsletter=expired",
        "a1 newsletter=given; a renews newsletter; a expires newsletter -> newsletter=expired",
        "a1 newsletter=given; a withdraws newsletter; a expires newsletter -> newsletter=withdrawn",
        "a1 newsletter=not-given; a expires newsletter -> newsletter=not-given",
        "a2 newsletter=given; a expires newsletter -> newsletter=pending",
        "a1 tips=informed; a expires tips -> tips=informed",
        // Given anew meanwhile.
        "a1 newsletter=given; b2 newsletter=given; b confirms; a expires newsletter -> newsletter=given",
        "a1 newsletter=given; z expires newsletter -> newsletter=expired",
        // Silence is no objection.
        "a1 newsletter=given tips=informed; a expires newsletter -> newsletter=expired tips=informed",
        "a1 newsletter=given; a expires newsletter; a withdraws newsletter; b1 tips=informed -> newsletter=withdrawn tips=objected",
    ]);
}

#[test]
fn erasure() {
    check(&[
        "a1 newsletter=given tips=objected; a erases newsletter tips -> newsletter=erased tips=erased",
        "a2 newsletter=given; a erases newsletter -> newsletter=erased",
        "a2 newsletter=given; a erases newsletter; a confirms newsletter -> newsletter=erased",
        // It clears whatever its chain was waiting for.
        "a2 newsletter=given call=given; a erases newsletter; a confirms call -> call=erased newsletter=erased",
        // After it a submission counts as the first.
        "a1 newsletter=given; a erases newsletter; b1 newsletter=not-given -> newsletter=not-given",
        "a1 newsletter=given; a withdraws newsletter; a erases newsletter; b1 newsletter=given -> newsletter=given",
        "a1 newsletter=given; a erases newsletter; b2 newsletter=given -> newsletter=pending",
        "a1 newsletter=given; a erases newsletter; b1 newsletter=not-shown -> newsletter=erased",
        // What another chain brought is not gone.
        "a1 newsletter=given; b2 newsletter=given; b erases newsletter -> newsletter=given",
        "a1 newsletter=given; b2 newsletter=given; b confirms; a erases newsletter -> newsletter=given",
        "a1 newsletter=given; z erases newsletter -> newsletter=erased",
        // A no outlives it.
        "a1 tips=informed; a objects tips; a erases tips; b1 tips=informed -> tips=objected",
        "a1 newsletter=given; a withdraws newsletter; a erases newsletter; b1 offers=informed -> newsletter=erased offers=objected",
        "a1 newsletter=given; a erases newsletter; a withdraws newsletter; b1 offers=informed -> newsletter=erased offers=informed",
    ]);
}

#[test]
fn rectification_changes_data_only() {
    check(&[
        "a1 newsletter=given; a corrects -> newsletter=given",
        "a2 newsletter=given; a corrects newsletter -> newsletter=pending",
    ]);
}
