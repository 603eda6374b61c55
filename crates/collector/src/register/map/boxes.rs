//! What a picture is made of: boxes with lines of words, and curves from one side of a box to another. Lengths are pixels.
//! Refuses to know what is drawn: `wide.rs` and `narrow.rs` decide that.

use super::measure::{lines, plain};

/// Type of names, and of what stands under them.
pub(super) const NAME: f64 = 14.0;
pub(super) const NOTE: f64 = 12.5;
const NAME_LEADING: f64 = 18.0;
const NOTE_LEADING: f64 = 16.0;
const PADDING: f64 = 10.0;
/// Between two boxes of a column.
pub(super) const GAP: f64 = 14.0;
/// The least room between two curves at the side of a box.
const PORT: f64 = 7.0;

#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) panels: Vec<Panel>,
}

/// A ground with a heading, what is on it, and the curves under that.
#[derive(Debug)]
pub(super) struct Panel {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) heads: Vec<Said>,
    pub(super) blocks: Vec<Block>,
    pub(super) curves: Vec<Curve>,
}

/// A line of words at a place.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) class: &'static str,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Block {
    pub(super) class: &'static str,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    /// Everything that it stands for, also what its lines cut.
    pub(super) title: String,
    pub(super) lines: Vec<Said>,
}

#[derive(Debug)]
pub(super) struct Curve {
    pub(super) class: String,
    pub(super) path: String,
    /// The edge of the definition: `serves email newsletter`.
    pub(super) edge: String,
}

/// What a box says, before it has a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) notes: Vec<String>,
    pub(super) title: String,
}

impl Block {
    /// A box of that width at the origin, high enough for its words and for so many curves at one side.
    pub(super) fn new(label: &Label, width: f64, ports: usize) -> Self {
        let room = width - 2.0 * PADDING;
        let mut said = Vec::new();
        let mut y = PADDING;
        for text in lines(&label.name, NAME, true, room, 3) {
            y += NAME_LEADING;
            said.push(Said {
                class: "name",
                x: PADDING,
                y: y - 4.5,
                text,
            });
        }
        for text in label.notes.iter().flat_map(|note| lines(note, NOTE, false, room, 5)) {
            y += NOTE_LEADING;
            said.push(Said {
                class: "note",
                x: PADDING,
                y: y - 4.0,
                text,
            });
        }
        let ports = u32::try_from(ports).map_or(0.0, f64::from);
        Self {
            class: label.class,
            x: 0.0,
            y: 0.0,
            width,
            height: (y + PADDING).max((ports + 1.0) * PORT),
            title: plain(&label.title),
            lines: said,
        }
    }

    pub(super) fn move_to(&mut self, x: f64, y: f64) {
        let (by_x, by_y) = (x - self.x, y - self.y);
        (self.x, self.y) = (x, y);
        for line in &mut self.lines {
            line.x += by_x;
            line.y += by_y;
        }
    }

    pub(super) fn middle(&self) -> f64 {
        self.y + self.height / 2.0
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    /// Where the curve of that place among so many meets a side.
    pub(super) fn port(&self, place: usize, of: usize) -> f64 {
        let (place, of) = (
            u32::try_from(place).unwrap_or_default(),
            u32::try_from(of).unwrap_or_default(),
        );
        self.y + self.height * (f64::from(place) + 1.0) / (f64::from(of) + 1.0)
    }
}

/// A curve that leaves and arrives level.
pub(super) fn curve((x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> String {
    let middle = f64::midpoint(x, to_x);
    format!("M{x:.1} {y:.1}C{middle:.1} {y:.1} {middle:.1} {to_y:.1} {to_x:.1} {to_y:.1}")
}

/// Boxes one under the other from that height on; the height at which they end.
pub(super) fn stack(blocks: &mut [Block], x: f64, top: f64, gap: f64) -> f64 {
    let mut y = top;
    for block in blocks.iter_mut() {
        block.move_to(x, y);
        y += block.height + gap;
    }
    if blocks.is_empty() { top } else { y - gap }
}

/// How high boxes are, one under the other.
pub(super) fn column_height(blocks: &[Block]) -> f64 {
    let gaps = u32::try_from(blocks.len().saturating_sub(1)).map_or(0.0, f64::from) * GAP;
    blocks.iter().map(|block| block.height).sum::<f64>() + gaps
}
