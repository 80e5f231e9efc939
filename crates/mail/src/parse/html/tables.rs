//! Tables that are open. A row whose cells have a line each becomes one line; other rows are layout, and their cells stand one
//! below the other.

use super::page::{Page, SAME_CELL};

/// Octets of a row that is shown as one line.
const ROW_OCTETS: usize = 300;

/// Lines of a cell that are one where the table has headings or a border.
const CELL_LINES: usize = 3;

/// A table that is open.
#[derive(Debug, Default)]
struct Table {
    /// It has headings or a border: an empty cell means something.
    data: bool,
    /// The cells of the row: line, and separators in front of it.
    row: Vec<(u32, u8)>,
    /// Cells without text since the last one with text.
    empty: u8,
    /// A cell of the row has more than a line.
    tall: bool,
    /// Where the open cell began.
    cell: Option<usize>,
    /// The row before was one line.
    joined: bool,
}

/// The open tables, the innermost last.
#[derive(Debug, Default)]
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// A table begins; `border` is the value of its attribute.
    pub(super) fn begin(&mut self, border: &str) {
        self.0.push(Table { data: !matches!(border.trim(), "" | "0"), ..Table::default() });
    }

    pub(super) fn end(&mut self, page: &mut Page) {
        self.end_row(page);
        self.0.pop();
    }

    pub(super) fn begin_cell(&mut self, page: &mut Page, heading: bool) {
        page.block();
        if let Some(table) = self.0.last_mut() {
            table.data |= heading;
            table.cell = Some(page.lines());
        }
    }

    pub(super) fn end_cell(&mut self, page: &mut Page) {
        page.block();
        let Some(table) = self.0.last_mut() else { return };
        let Some(first) = table.cell.take() else { return };
        match page.lines() - first {
            0 => table.empty = table.empty.saturating_add(u8::from(table.data)).min(50),
            1 => {
                let separators = std::mem::take(&mut table.empty) + 1;
                table.row.push((first as u32, separators));
            }
            lines if table.data && lines <= CELL_LINES && page.is_prose(first) => {
                let separators = std::mem::take(&mut table.empty) + 1;
                table.row.push((first as u32, separators));
                table.row.extend((first + 1..first + lines).map(|line| (line as u32, SAME_CELL)));
            }
            _ => table.tall = true,
        }
    }

    pub(super) fn end_row(&mut self, page: &mut Page) {
        self.end_cell(page);
        let Some(table) = self.0.last_mut() else { return };
        let length: usize = table.row.iter().map(|(line, _)| page.length(*line as usize) + 3).sum();
        let cells = table.row.iter().filter(|(_, separators)| *separators != SAME_CELL).count();
        let joins = cells > 1 && !table.tall && length <= ROW_OCTETS;
        if joins {
            page.join(&table.row, table.joined);
        }
        if !table.row.is_empty() || table.tall {
            table.joined = joins;
        }
        table.row.clear();
        (table.tall, table.empty) = (false, 0);
    }
}
