namespace Governance.Domain;

/// <summary>Why a change was refused. An expected failure is a value; an exception is a bug or an outage.</summary>
/// <param name="Kind">What sort of refusal it is; decides the HTTP status.</param>
/// <param name="Message">One sentence that names what is wrong and what to do.</param>
/// <param name="Field">The input it is about, if it is about one.</param>
public sealed record Refusal(RefusalKind Kind, string Message, string? Field = null)
{
    public static Refusal Invalid(string field, string message) => new(RefusalKind.Invalid, message, field);

    public static Refusal NotFound(string message) => new(RefusalKind.NotFound, message);

    public static Refusal Forbidden(string message) => new(RefusalKind.Forbidden, message);

    public static Refusal Conflict(string message) => new(RefusalKind.Conflict, message);

    public static Refusal Busy(string message) => new(RefusalKind.Busy, message);

    public static Refusal TooMany(string message) => new(RefusalKind.TooMany, message);

    public static Refusal ProofNeeded() =>
        new(RefusalKind.ProofNeeded, "Confirm that it is you: this change needs a sign-in of the last 15 minutes.");
}

public enum RefusalKind
{
    /// <summary>The input breaks a rule.</summary>
    Invalid,

    /// <summary>No such thing in this organisation.</summary>
    NotFound,

    /// <summary>The person may not do this.</summary>
    Forbidden,

    /// <summary>The thing has changed, or is in a state that does not allow it.</summary>
    Conflict,

    /// <summary>The server has too much of this to do at the moment; the same request may succeed shortly (HTTP 503).</summary>
    Busy,

    /// <summary>Too many attempts were made; later ones are refused unseen for a while (HTTP 429).</summary>
    TooMany,

    /// <summary>The person must prove again who they are.</summary>
    ProofNeeded,
}
