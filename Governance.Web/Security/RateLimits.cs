namespace Governance.Web.Security;

/// <summary>
/// The named limits, to attach by <c>.RequireRateLimiting(RateLimits.Api)</c> or, on a page, by
/// <c>@attribute [EnableRateLimiting(RateLimits.SignIn)]</c>. Each counts by address, and by caller where that is known.
/// </summary>
public static class RateLimits
{
    /// <summary>Forms that prove who somebody is, by a password, a code or a link. Only posts count.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Forms that send mail to an address somebody types. Only posts count.</summary>
    public const string PasswordReset = "password-reset";

    /// <summary>Endpoints that give out tokens. The endpoint itself counts the person, by <see cref="CallerLimits"/>.</summary>
    public const string Token = "token";

    /// <summary>The API.</summary>
    public const string Api = "api";
}
