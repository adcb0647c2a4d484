namespace Governance.Infrastructure.Identity.External;

/// <summary>Who a provider says has signed in.</summary>
/// <param name="Provider">The provider's id in the configuration.</param>
/// <param name="Subject">Its stable id of the person, the claim <c>sub</c>.</param>
/// <param name="Email">The mail address.</param>
/// <param name="EmailVerified">Whether the provider has verified the address; only then it finds an account.</param>
/// <param name="Name">The person's name, if it told one.</param>
/// <param name="Groups">The groups the person belongs to.</param>
public sealed record ExternalIdentity(
    string Provider, string Subject, string? Email, bool EmailVerified, string? Name, IReadOnlyCollection<string> Groups);
