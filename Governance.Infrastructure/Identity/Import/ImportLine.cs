using Governance.Infrastructure.Identity.Invitations;

namespace Governance.Infrastructure.Identity.Import;

/// <summary>A line of an import as its preview shows it.</summary>
/// <param name="Line">Where it stands in the file, from 1, the header counted.</param>
/// <param name="Name">As it stands there.</param>
/// <param name="Email">As it stands there.</param>
/// <param name="Role">How the role is called, or as it stands there.</param>
/// <param name="Team">As it stands there.</param>
/// <param name="Scope">What the role is for.</param>
/// <param name="Invitation">What it becomes, if nothing is wrong.</param>
/// <param name="Errors">What is wrong, and what to do.</param>
public sealed record ImportLine(
    int Line, string Name, string Email, string Role, string Team, string Scope, NewInvitation? Invitation, IReadOnlyList<string> Errors)
{
    public bool IsGood => Errors.Count == 0;
}

/// <summary>What an import would do.</summary>
public sealed record ImportPreview(IReadOnlyList<ImportLine> Lines)
{
    public int Bad { get; } = Lines.Count(line => !line.IsGood);

    /// <summary>All or nothing.</summary>
    public bool CanImport => Bad == 0 && Lines.Count > 0;
}
