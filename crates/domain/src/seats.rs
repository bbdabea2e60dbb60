//! Seats: how many an organization has, uses and needs.

use atrium_words::{t, tn};

/// The seats of an organization. A member and an open invitation take one each, so that an
/// accepted invitation never meets a full house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// Most seats (`config.max_identities`).
    pub limit: u32,
    /// Seats taken by members.
    pub members: u32,
    /// Seats kept for open invitations.
    pub invitations: u32,
}

impl Seats {
    /// Seats taken by members and invitations together.
    pub fn used(&self) -> u32 {
        self.members.saturating_add(self.invitations)
    }

    /// Seats that can still be given away; 0 where the organization is over its limit.
    pub fn free(&self) -> u32 {
        self.limit.saturating_sub(self.used())
    }

    /// How many seats `more` invitations lack; 0 where they fit.
    pub fn missing(&self, more: u32) -> u32 {
        more.saturating_sub(self.free())
    }

    /// Whether `more` invitations fit.
    ///
    /// # Errors
    /// A sentence with the figures where they do not.
    pub fn check(&self, more: u32) -> Result<(), String> {
        let free = self.free();
        if more <= free {
            return Ok(());
        }
        if self.used() > self.limit {
            return Err(over(self.used(), self.limit));
        }
        let (needed, limit) = (seats(more), self.limit);
        let lacks = match free {
            0 => t!("This needs {needed}, and there is no free seat of {limit}.", needed, limit),
            free => tn!(
                free,
                "This needs {needed}, and there is {count} seat free of {limit}.",
                "This needs {needed}, and there are {count} seats free of {limit}.",
                needed,
                limit,
            ),
        };
        let advice = t!("Remove a member, revoke an invitation, or change the plan.");
        Err(format!("{lacks} {advice}"))
    }
}

/// Why nobody can be invited where more seats are taken than there are.
pub fn over(used: u32, limit: u32) -> String {
    t!(
        "There is no free seat: {used} are taken, and the plan has {limit}. Remove members, revoke \
         invitations, or change the plan.",
        used,
        limit,
    )
}

/// A number of seats, in words.
pub fn seats(count: u32) -> String {
    tn!(count, "{count} seat", "{count} seats")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invitations_take_seats() {
        let seats = Seats { limit: 10, members: 7, invitations: 2 };
        assert_eq!((seats.used(), seats.free()), (9, 1));
        assert_eq!((seats.check(1), seats.missing(1), seats.missing(4)), (Ok(()), 0, 3));
        let sentence = seats.check(2).unwrap_err();
        assert!(sentence.contains("2 seats") && sentence.contains("1 seat free of 10"), "{sentence}");
    }

    #[test]
    fn over_the_limit_is_no_negative_number() {
        let seats = Seats { limit: 1, members: 3, invitations: 0 };
        assert_eq!((seats.free(), seats.missing(2), seats.missing(0)), (0, 2, 0));
        assert!(seats.check(1).unwrap_err().contains("no free seat"));
        assert_eq!(seats.check(0), Ok(()));
    }
}
