//! The app's icons: one set, drawn for it on a 16-unit grid in the manner of Lucide, one path each.

use leptos::prelude::*;

use crate::node::{El, svg};

/// Which picture. Never the only bearer of a meaning: a name stands beside it or on the control around it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)] // each variant's name says what it depicts
pub enum Icon {
    Home,
    Folder,
    Database,
    ListChecks,
    MessageSquare,
    /// The earth: languages.
    Globe,
    Settings,
    Users,
    Shield,
    CreditCard,
    Building,
    Plus,
    Check,
    ChevronDown,
    ChevronRight,
    ChevronLeft,
    X,
    Search,
    Sun,
    Moon,
    Monitor,
    LogOut,
    Copy,
    Trash,
    Mail,
    UserPlus,
    AlertTriangle,
    Info,
    Pencil,
    Menu,
    Refresh,
    ExternalLink,
    Lock,
    User,
    Layers,
    Columns,
    Clock,
    RotateCcw,
    Key,
    Minus,
    Download,
    Pin,
    Keyboard,
    Logo,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Home => "M2 7.2 8 2l6 5.2M3.5 6v7.2a.8.8 0 0 0 .8.8h7.4a.8.8 0 0 0 .8-.8V6M6.5 14V9.5h3V14",
            Self::Folder => {
                "M2 12.5v-9a1 1 0 0 1 1-1h3.2l1.6 2H13a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1z"
            }
            Self::Database => {
                "M2.75 4c0-1.1 2.35-2 5.25-2s5.25.9 5.25 2S10.9 6 8 6 2.75 5.1 2.75 4zv8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2V4M2.75 8c0 1.1 2.35 2 5.25 2s5.25-.9 5.25-2"
            }
            Self::ListChecks => "M8.5 4H14M8.5 12H14M2 4l1.25 1.25 2.5-2.5M2 12l1.25 1.25 2.5-2.5",
            Self::Globe => {
                "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM1.75 8h12.5M8 1.75c1.7 1.7 2.6 3.9 2.6 6.25S9.7 12.55 8 14.25C6.3 12.55 5.4 10.35 5.4 8S6.3 3.45 8 1.75z"
            }
            Self::MessageSquare => "M2 14V3.5a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v6.75a1 1 0 0 1-1 1H4.75z",
            Self::Settings => {
                "M8 3.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM8 6.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M3.4 12.6l1.4-1.4M11.2 4.8l1.4-1.4"
            }
            Self::Users => {
                "M10.5 14v-1.25A2.75 2.75 0 0 0 7.75 10H4a2.75 2.75 0 0 0-2.75 2.75V14M5.9 2.25a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM10.5 2.4a2.5 2.5 0 0 1 0 4.7M14.75 14v-1.25a2.75 2.75 0 0 0-2-2.65"
            }
            Self::Shield => {
                "M8 14.5C4.8 13.2 2.75 11.2 2.75 8V3.5C4.8 3.5 6.6 2.7 8 1.5c1.4 1.2 3.2 2 5.25 2V8c0 3.2-2.05 5.2-5.25 6.5z"
            }
            Self::CreditCard => {
                "M2.3 3h11.4a.8.8 0 0 1 .8.8v8.4a.8.8 0 0 1-.8.8H2.3a.8.8 0 0 1-.8-.8V3.8a.8.8 0 0 1 .8-.8zM1.5 6.5h13M4.25 10h2"
            }
            Self::Building => {
                "M3.5 14.25V2.5a.75.75 0 0 1 .75-.75h7.5a.75.75 0 0 1 .75.75v11.75M1.75 14.25h12.5M6.75 14.25v-2.5h2.5v2.5M6 5h.01M10 5h.01M6 8.25h.01M10 8.25h.01"
            }
            Self::Plus => "M8 3v10M3 8h10",
            Self::Check => "M3 8.5l3.25 3.25L13 4.5",
            Self::ChevronDown => "M4 6l4 4 4-4",
            Self::ChevronRight => "M6 4l4 4-4 4",
            Self::ChevronLeft => "M10 4 6 8l4 4",
            Self::X => "M4 4l8 8M12 4l-8 8",
            Self::Search => "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.25 10.25l3.5 3.5",
            Self::Sun => {
                "M8 5.25a2.75 2.75 0 1 0 0 5.5 2.75 2.75 0 0 0 0-5.5zM8 1.25v1M8 13.75v1M1.25 8h1M13.75 8h1M3.25 3.25l.7.7M12.05 12.05l.7.7M3.25 12.75l.7-.7M12.05 3.95l.7-.7"
            }
            Self::Moon => "M13.75 9.2A5.75 5.75 0 1 1 6.8 2.25a4.5 4.5 0 0 0 6.95 6.95z",
            Self::Monitor => {
                "M2.5 2.5h11a1 1 0 0 1 1 1V10a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V3.5a1 1 0 0 1 1-1zM8 11v2.75M5.25 13.75h5.5"
            }
            Self::LogOut => {
                "M6 13.75H3.25a1 1 0 0 1-1-1v-9.5a1 1 0 0 1 1-1H6M10.5 11.25 13.75 8 10.5 4.75M13.75 8H6"
            }
            Self::Copy => {
                "M6.5 5.5h6.25a1 1 0 0 1 1 1v6.25a1 1 0 0 1-1 1H6.5a1 1 0 0 1-1-1V6.5a1 1 0 0 1 1-1zM3.25 10.5a1 1 0 0 1-1-1V3.25a1 1 0 0 1 1-1H9.5a1 1 0 0 1 1 1"
            }
            Self::Trash => {
                "M2.25 4h11.5M5.5 4V2.75A.75.75 0 0 1 6.25 2h3.5a.75.75 0 0 1 .75.75V4M12.5 4l-.55 9.05a1 1 0 0 1-1 .95h-5.9a1 1 0 0 1-1-.95L3.5 4M6.5 7v4M9.5 7v4"
            }
            Self::Mail => {
                "M2.5 3h11a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-11a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM1.75 4.5 8 9l6.25-4.5"
            }
            Self::UserPlus => {
                "M10 14v-1.25A2.75 2.75 0 0 0 7.25 10H4a2.75 2.75 0 0 0-2.75 2.75V14M5.65 2.25a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM12.5 5.25v4M10.5 7.25h4"
            }
            Self::AlertTriangle => {
                "M7.3 2.4 1.6 12.3a.8.8 0 0 0 .7 1.2h11.4a.8.8 0 0 0 .7-1.2L8.7 2.4a.8.8 0 0 0-1.4 0zM8 6.25v3M8 11.25h.01"
            }
            Self::Info => "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 7.5V11M8 5h.01",
            Self::Pencil => "M10.75 2.5l2.75 2.75-8 8L2 14l.75-3.5zM9 4.25 11.75 7",
            Self::Columns => {
                "M2.5 2.5h11a.8.8 0 0 1 .8.8v9.4a.8.8 0 0 1-.8.8h-11a.8.8 0 0 1-.8-.8V3.3a.8.8 0 0 1 .8-.8zM6 2.5v11M10 2.5v11"
            }
            Self::Menu => "M2 4h12M2 8h12M2 12h12",
            Self::Refresh => {
                "M13.75 2.5v3.25H10.5M13.5 5.75A5.75 5.75 0 0 0 3.2 4.8M2.25 13.5v-3.25H5.5M2.5 10.25a5.75 5.75 0 0 0 10.3.95"
            }
            Self::ExternalLink => {
                "M9.5 2.25h4.25V6.5M13.75 2.25 7.5 8.5M12 9.5v3.25a1 1 0 0 1-1 1H3.25a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1H6.5"
            }
            Self::Lock => {
                "M3.5 7.25h9a.75.75 0 0 1 .75.75v5.5a.75.75 0 0 1-.75.75h-9a.75.75 0 0 1-.75-.75V8a.75.75 0 0 1 .75-.75zM5 7.25v-2.5a3 3 0 0 1 6 0v2.5"
            }
            Self::User => {
                "M13 14v-1.25A2.75 2.75 0 0 0 10.25 10h-4.5A2.75 2.75 0 0 0 3 12.75V14M8 2a2.75 2.75 0 1 0 0 5.5A2.75 2.75 0 0 0 8 2z"
            }
            Self::Layers => "M8 1.75 14.25 5 8 8.25 1.75 5zM1.75 8 8 11.25 14.25 8M1.75 11 8 14.25 14.25 11",
            Self::Clock => "M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 4.5V8l2.5 1.5",
            Self::RotateCcw => "M2.25 2.5v3.25H5.5M2.5 5.75A5.9 5.9 0 1 1 2.1 8.5",
            Self::Key => {
                "M5.25 7.25a3.25 3.25 0 1 0 0 6.5 3.25 3.25 0 0 0 0-6.5zM7.6 8.2 13.75 2M11 4.75 13.25 7"
            }
            Self::Download => "M8 2v8.5M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
            Self::Minus => "M3 8h10",
            Self::Pin => "M5.25 2h5.5M6.25 2v4L4 8.75h8L9.75 6V2M8 8.75V14",
            Self::Keyboard => {
                "M2.3 3.75h11.4a.8.8 0 0 1 .8.8v6.9a.8.8 0 0 1-.8.8H2.3a.8.8 0 0 1-.8-.8v-6.9a.8.8 0 0 1 .8-.8zM4.5 6.75h.01M7 6.75h.01M9.5 6.75h.01M12 6.75h.01M5 9.5h6"
            }
            Self::Logo => {
                "M6 2.25H3.25a1 1 0 0 0-1 1v9.5a1 1 0 0 0 1 1h9.5a1 1 0 0 0 1-1v-9.5a1 1 0 0 0-1-1H10M5.75 10.25v-4.5h4.5v4.5z"
            }
        }
    }
}

/// Draws an icon in the colour of the text around it. Hidden from assistive technology: the name is elsewhere.
#[component]
pub fn IconView(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    draw(icon).view()
}

pub(crate) fn draw(icon: Icon) -> El {
    let points = matches!(icon, Icon::ChevronLeft | Icon::ChevronRight | Icon::LogOut);
    svg("svg")
        .class(if points { "icon pointing" } else { "icon" })
        .attr("viewBox", "0 0 16 16")
        .attr("width", "16")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .with(svg("path").attr("d", icon.path()))
}
