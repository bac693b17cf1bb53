//! Tables of one tenant; owned by the slice.
