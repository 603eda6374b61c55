//! The picture for a telephone: one panel for each purpose, with its fields on the left and whom it reaches on the right.
//! Refuses to make a reader scroll sideways.

use super::{
    boxes::{Block, Curve, Drawing, GAP, Panel, column_height, curve, stack},
    label::{Way, called, field_label, purpose_label, way_label, way_of, ways},
    types::{Edge, FormMap, Map, Nature},
};

const NARROW: f64 = 288.0;

/// The picture of one form.
pub(super) fn narrow(map: &Map, form: &FormMap) -> Drawing {
    let mut panels = Vec::new();
    let mut y = 0.0;
    for at in 0..form.purposes.len() {
        let panel = purpose_panel(map, form, at, y);
        y += panel.height + 2.0 * GAP;
        panels.push(panel);
    }
    Drawing {
        width: NARROW,
        height: (y - 2.0 * GAP).max(0.0),
        panels,
    }
}

/// One purpose for a telephone.
fn purpose_panel(map: &Map, form: &FormMap, at: usize, top: f64) -> Panel {
    const LEFT: f64 = 130.0;
    const RIGHT: f64 = 140.0;
    const SPINE: (f64, f64) = (136.0, 6.0);
    let id = &form.purposes[at].id;
    let mut head = Block::new(&purpose_label(form, at), NARROW, 0);
    head.move_to(0.0, top);
    let fields = form.edges.iter().filter_map(|edge| match edge {
        Edge::Serves { field, purpose } if purpose == id => form.fields.iter().position(|known| known.id == *field),
        _ => None,
    });
    let fields: Vec<usize> = fields.collect();
    let mut left: Vec<Block> = fields
        .iter()
        .map(|field| Block::new(&field_label(map, form, *field), LEFT, 1))
        .collect();
    let all = ways(form);
    let goes = form
        .edges
        .iter()
        .filter_map(way_of)
        .filter(|(purpose, _)| purpose == id);
    let mine: Vec<Way<'_>> = goes.map(|(_, way)| way).collect();
    let mine: Vec<&Way<'_>> = all.iter().filter(|way| mine.contains(way)).collect();
    let mut right: Vec<Block> = mine
        .iter()
        .map(|way| Block::new(&way_label(map, form, way, true), RIGHT, 1))
        .collect();
    let start = head.y + head.height + GAP;
    let height = column_height(&left).max(column_height(&right));
    for (blocks, x) in [(&mut left, 0.0), (&mut right, NARROW - RIGHT)] {
        let top = start + (height - column_height(blocks)) / 2.0;
        stack(blocks, x, top, GAP);
    }
    let nature = form.purposes[at].nature;
    let ends: Vec<f64> = left.iter().chain(&right).map(Block::middle).collect();
    let bottom = ends.iter().copied().fold(start, f64::max) + 4.0;
    let spine = Block {
        class: match nature {
            Nature::Consent => "spine consent",
            Nature::Objection => "spine objection",
            Nature::Service => "spine service",
        },
        x: SPINE.0,
        y: head.y + head.height,
        width: SPINE.1,
        height: bottom - head.y - head.height,
        title: String::new(),
        lines: Vec::new(),
    };
    let curves = side_curves(form, at, (&fields, &left), (&mine, &right), &spine);
    let mut blocks = vec![spine, head];
    blocks.extend(left);
    blocks.extend(right);
    Panel {
        x: 0.0,
        y: top,
        width: NARROW,
        height: start + height - top,
        heads: Vec::new(),
        blocks,
        curves,
    }
}

fn side_curves(
    form: &FormMap,
    at: usize,
    (fields, left): (&[usize], &[Block]),
    (ways, right): (&[&Way<'_>], &[Block]),
    spine: &Block,
) -> Vec<Curve> {
    let purpose = &form.purposes[at];
    let class = purpose.nature.as_str().to_owned();
    let from_fields = fields.iter().zip(left).map(|(field, block)| Curve {
        class: class.clone(),
        path: curve((block.right(), block.middle()), (spine.x, block.middle())),
        edge: format!("serves {} {}", form.fields[*field].id, purpose.id),
    });
    let to_ways = ways.iter().zip(right).map(|(way, block)| Curve {
        class: class.clone(),
        path: curve((spine.right(), block.middle()), (block.x, block.middle())),
        edge: called(form, at, way),
    });
    from_fields.chain(to_ways).collect()
}
