//! The collector as its clients meet it: every request goes through the whole router, time stands where the test puts it.

mod confirmation;
mod connections;
mod cors;
mod download;
mod durability;
mod erasure;
mod forged;
mod forms;
mod leads;
mod limits;
mod malformed;
mod manage;
mod operator_lists;
mod operators;
mod people;
mod permissions;
mod person;
mod person_data;
mod plain;
mod staff;
mod store_contract;
mod submissions;
mod support;
mod sweep;
