//! Texts, and what of them is orders.
