namespace Governance.Domain.Identity;

/// <summary>Whether a key works at a moment, and what somebody should do about it.</summary>
/// <param name="State">Whether it works, and if not, why.</param>
/// <param name="IsOld">It works, but its current secret is older than the organisation likes: rotate it.</param>
/// <param name="IsExpiring">It works, but not for much longer: extend or replace it.</param>
public readonly record struct KeyHealth(KeyState State, bool IsOld, bool IsExpiring)
{
    /// <summary>A key that ends within this time is shown with a warning.</summary>
    public static readonly TimeSpan ExpiryWarning = TimeSpan.FromDays(14);

    /// <param name="now">The moment.</param>
    /// <param name="revoked">Whether it was revoked.</param>
    /// <param name="ownerDisabled">Whether the person it belongs to is disabled.</param>
    /// <param name="expiresAt">When it ends; none if it does not.</param>
    /// <param name="secretSince">When its current secret was made.</param>
    /// <param name="ageWarning">How old a secret may become without a warning.</param>
    public static KeyHealth Of(
        DateTimeOffset now, bool revoked, bool ownerDisabled, DateTimeOffset? expiresAt, DateTimeOffset secretSince, TimeSpan ageWarning)
    {
        var state = revoked ? KeyState.Revoked
            : expiresAt <= now ? KeyState.Expired
            : ownerDisabled ? KeyState.OwnerDisabled
            : KeyState.Active;
        var over = state is KeyState.Revoked or KeyState.Expired;
        return new KeyHealth(state, !over && now - secretSince >= ageWarning, !over && expiresAt - now <= ExpiryWarning);
    }
}

/// <summary>Whether a key works, and if not, why.</summary>
public enum KeyState
{
    /// <summary>It works.</summary>
    Active,

    /// <summary>The person it belongs to is disabled; it works again once they are enabled or it belongs to somebody else.</summary>
    OwnerDisabled,

    /// <summary>Its time is over; it works again once that is extended.</summary>
    Expired,

    /// <summary>Somebody ended it, for good.</summary>
    Revoked,
}
