//! The collector as its clients meet it: every request goes through the whole router, time stands where the test puts it.

mod ancr;
mod breach;
mod check;
mod confirmation;
mod connections;
mod conversions;
mod cors;
#[expect(dead_code, reason = "the doubles themselves are tested in tests/crm")]
#[path = "../crm/double.rs"]
mod double;
mod download;
mod durability;
mod erasure;
mod flows;
mod forged;
mod forms;
mod guards;
mod hostile_values;
mod imports;
mod iso_27560;
mod languages;
mod leads;
mod letters;
mod limits;
mod malformed;
mod manage;
mod map;
mod notice;
mod operator_lists;
mod operators;
mod opt_in;
mod people;
mod permissions;
mod person;
mod person_data;
mod plain;
mod qualification;
#[expect(dead_code, reason = "the tests of processes use the rest")]
mod receiver;
mod register;
mod robots;
mod staff;
mod standards;
mod store_contract;
mod submissions;
mod support;
mod sweep;
mod uniform;
mod vendors;
mod watch;
