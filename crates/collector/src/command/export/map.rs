//! `candor export map`: where data goes, as a picture, a page, a table or JSON.
//! Refuses a time that it cannot read; what is drawn is what was published then.

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{Place, Unusable, pretty};
use crate::{
    clock::{Clock, SystemClock},
    command::tongue::Tongue,
    moment,
    register::map::{csv, html, map, svg},
    store::Store,
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// How to print it: `html` is a page with picture and table, `svg` the picture alone
    #[arg(long, value_enum, default_value_t = Format::Html)]
    format: Format,
    /// The map as of this day's end (UTC) or this time; default: now
    #[arg(long, value_name = "DATE", value_parser = moment::until)]
    at: Option<Timestamp>,
    /// The map's language; forms that do not speak it keep their own words
    #[arg(long, value_enum, default_value_t, env = "CANDOR_LANG")]
    lang: Tongue,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Html,
    Svg,
    Json,
    Csv,
}

pub(super) async fn print(arguments: Arguments) -> Result<String, Unusable> {
    let at = arguments.at.unwrap_or_else(|| SystemClock.now());
    let store = arguments.place.open().await?;
    let language = arguments.lang.tag();
    let found = map(&store, at, language).await;
    store.close().await;
    let found = found.map_err(|error| {
        let remedy = "use the release of Candor that published it";
        Unusable::new(arguments.place.data.display(), error, remedy)
    })?;
    let drawn = |rendered: askama::Result<String>| {
        rendered.map_err(|error| Unusable::new("the picture", error, "report this as a fault of Candor"))
    };
    match arguments.format {
        Format::Html => drawn(html::map(&found)),
        Format::Svg => drawn(svg::map(&found)),
        Format::Csv => Ok(csv::map(&found)),
        Format::Json => pretty(&found),
    }
}
