//! Plans: what each allows and what it costs.

use atrium_words::t;

use crate::open_enum::open_enum;

open_enum! {
    /// The plan of an organization (`PaymentPlanTier` of the contract).
    Tier {
        /// Pending: no plan chosen yet, nothing but billing can be used.
        NoPlan = "no_plan",
        /// Free, one workspace; the plan of personal organizations.
        Developer = "developer",
        /// As `Developer`, sold from January 2026.
        Developer2026 = "developer_01_2026",
        /// For teams, paid by the seat.
        Plus = "plus",
        /// As `Plus`, sold from January 2026.
        Plus2026 = "plus_01_2026",
        /// Sold by people; roles that differ between members, and an audit log.
        Enterprise = "enterprise",
        /// No longer sold.
        DeveloperLegacy = "developer_legacy",
        /// No longer sold.
        PlusLegacy = "plus_legacy",
        /// No longer sold.
        Free = "free",
        /// No longer sold.
        EnterpriseLegacy = "enterprise_legacy",
        /// For young companies, on application.
        Startup = "startup",
        /// As `Startup`, first version.
        StartupV0 = "startup_v0",
        /// For partners.
        Partner = "partner",
        /// For large customers.
        Premier = "premier",
    }
}

/// The words of the contract's `ChangePaymentPlanReq`; `disabled` ends a plan.
pub const CHANGEABLE: &[&str] = &[
    "disabled",
    "developer",
    "developer_01_2026",
    "plus",
    "plus_01_2026",
    "startup",
    "startup_v0",
    "partner",
    "premier",
    "free",
];

/// The schema of [`CHANGEABLE`].
#[cfg(feature = "utoipa")]
pub(crate) fn changeable() -> utoipa::openapi::Object {
    utoipa::openapi::ObjectBuilder::new()
        .schema_type(utoipa::openapi::Type::String)
        .enum_values(Some(CHANGEABLE.iter().copied()))
        .build()
}

/// What a plan gives. Limits are counts; `price_per_seat` is in whole US dollars a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Most members and open invitations together.
    pub max_identities: u32,
    /// Most workspaces.
    pub max_workspaces: u32,
    /// Whether workspace roles may differ between members.
    pub can_use_rbac: bool,
    /// Whether changes are kept in an audit log that can be read.
    pub can_use_audit_logs: bool,
    /// US dollars for a seat and month; `None` where the price is agreed with people.
    pub price_per_seat: Option<u32>,
}

impl Tier {
    /// The name that people see.
    pub fn label(&self) -> &str {
        match self {
            Self::NoPlan => t!("Pending"),
            Self::Developer | Self::Developer2026 | Self::DeveloperLegacy => "Developer",
            Self::Plus | Self::Plus2026 | Self::PlusLegacy => "Plus",
            Self::Enterprise | Self::EnterpriseLegacy => "Enterprise",
            Self::Free => "Free",
            Self::Startup | Self::StartupV0 => "Startup",
            Self::Partner => "Partner",
            Self::Premier => "Premier",
            Self::Other(word) => word,
        }
    }

    /// What the plan gives on this installation. The contract leaves the figures to the server;
    /// these are the reference backend's, after the plans of LangSmith's pricing page
    /// (Plus: 39 USD a seat and month, 10 seats, 3 workspaces).
    pub fn terms(&self) -> Terms {
        let free = |max_identities, max_workspaces| Terms {
            max_identities,
            max_workspaces,
            can_use_rbac: false,
            can_use_audit_logs: false,
            price_per_seat: Some(0),
        };
        match self {
            // Before a plan is chosen the team can be put together, within what Plus allows.
            Self::NoPlan => free(10, 1),
            Self::Developer | Self::Developer2026 | Self::DeveloperLegacy | Self::Free | Self::Other(_) => {
                free(1, 1)
            }
            Self::Plus | Self::Plus2026 | Self::PlusLegacy => {
                Terms { price_per_seat: Some(39), ..free(10, 3) }
            }
            Self::Startup | Self::StartupV0 | Self::Partner => Terms { price_per_seat: None, ..free(20, 3) },
            Self::Enterprise | Self::EnterpriseLegacy | Self::Premier => Terms {
                max_identities: 1_000_000,
                max_workspaces: 1_000,
                can_use_rbac: true,
                can_use_audit_logs: true,
                price_per_seat: None,
            },
        }
    }

    /// Whether people can put a shared organization on this plan by themselves. Enterprise,
    /// Premier and Partner are sold or granted by people; developer plans are for personal
    /// organizations.
    pub fn is_self_service(&self) -> bool {
        matches!(self, Self::Plus | Self::Plus2026)
    }
}

/// The smallest plan for shared organizations with room for so many seats; `None` where that is too
/// many for every plan.
pub fn with_room(seats: u32) -> Option<Tier> {
    [Tier::Plus, Tier::Enterprise].into_iter().find(|tier| tier.terms().max_identities >= seats)
}

/// US dollars a month for `seats` seats on `tier`; `None` where the price is agreed with people.
pub fn monthly_cost(tier: &Tier, seats: u32) -> Option<u64> {
    tier.terms().price_per_seat.map(|price| u64::from(price) * u64::from(seats))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plus_seat_costs_39_dollars() {
        assert_eq!(monthly_cost(&Tier::Plus, 0), Some(0));
        assert_eq!(monthly_cost(&Tier::Plus, 2), Some(78));
        assert_eq!(monthly_cost(&Tier::Plus, 10), Some(390));
        assert_eq!(monthly_cost(&Tier::Enterprise, 10), None);
    }

    #[test]
    fn the_smallest_plan_with_room_is_named() {
        assert_eq!(with_room(10), Some(Tier::Plus));
        assert_eq!(with_room(11), Some(Tier::Enterprise));
        assert_eq!(with_room(1_000_001), None);
    }

    #[test]
    fn an_unknown_tier_is_kept() {
        let tier = Tier::from("galactic_2031");
        assert_eq!(tier.as_str(), "galactic_2031");
        assert_eq!(tier.label(), "galactic_2031");
        let json = serde_json::to_string(&tier).unwrap();
        assert_eq!(serde_json::from_str::<Tier>(&json).unwrap(), tier);
    }

    #[test]
    fn every_known_tier_survives_the_wire() {
        for tier in Tier::KNOWN {
            assert_eq!(&Tier::from(tier.as_str()), tier);
            assert!(!matches!(Tier::from(tier.as_str()), Tier::Other(_)));
        }
        assert_eq!(Tier::KNOWN.len(), 14);
    }
}
