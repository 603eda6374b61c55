//! Counts of several parts of one work, added up.
//! Refuses to guess: each count is named, so that one that is no sum (a time, a name) is never added.

/// Adds these members of the second to those of the first.
macro_rules! add_counts {
    ($into:expr, $from:expr; $($count:ident),+ $(,)?) => {
        $($into.$count += $from.$count;)+
    };
}

pub(crate) use add_counts;
