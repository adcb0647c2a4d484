namespace Governance.Infrastructure.Privacy;

/// <summary>Whether a call's content can be read, and if not, why.</summary>
public enum ContentState
{
    /// <summary>It can.</summary>
    Kept,

    /// <summary>The asker may not know.</summary>
    NotPermitted,

    /// <summary>The call did not pass the proxy.</summary>
    NeverPassed,

    /// <summary>No rule covers the call.</summary>
    NoRule,

    /// <summary>A rule covers it now, but nothing was kept of it then.</summary>
    NotCaptured,

    /// <summary>Its time was over.</summary>
    Expired,

    /// <summary>The key it lay under was destroyed.</summary>
    Erased,
}

/// <summary>What there is to say about a call's content without reading it.</summary>
/// <param name="State">Whether it can be read.</param>
/// <param name="ExpiresAt">Until when it is kept.</param>
public sealed record ContentSummary(ContentState State, DateTimeOffset? ExpiresAt = null);

/// <summary>A call's content in clear.</summary>
/// <param name="Prompt">The request; none if it was not kept.</param>
/// <param name="Completion">The answer; none if it was not kept.</param>
/// <param name="ExpiresAt">Until when it is kept.</param>
public sealed record ReadContent(ContentText? Prompt, ContentText? Completion, DateTimeOffset ExpiresAt);

/// <summary>One side of it.</summary>
/// <param name="Text">As it passed, read as UTF-8.</param>
/// <param name="Truncated">Whether it is only the beginning.</param>
public sealed record ContentText(string Text, bool Truncated)
{
    public override string ToString() => $"{Text.Length} characters";
}
