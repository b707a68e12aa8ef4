//! A progress bar for long work, on standard error, only on a terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;

use gongwen::Event;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// An observer that draws a bar by bytes with rate and remaining time.
pub fn observer() -> (ProgressBar, impl Fn(Event<'_>) + Send + Sync + 'static) {
    let target =
        if std::io::stderr().is_terminal() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    let template = "{bar:30} {bytes}/{total_bytes} {binary_bytes_per_sec} 剩余 {eta} {msg}";
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    let shared = Arc::new(bar.clone());
    let observe = move |event: Event<'_>| match event {
        // Shown only once there is something to wait for.
        Event::Scanned { pending_bytes, .. } if pending_bytes > 0 && std::io::stderr().is_terminal() => {
            shared.set_length(pending_bytes);
            shared.set_draw_target(ProgressDrawTarget::stderr());
        }
        Event::Indexed { bytes, .. } | Event::Failed { bytes, .. } => shared.inc(bytes),
        Event::Committing => shared.set_message("写入 / writing"),
        _ => {}
    };
    (bar, observe)
}
