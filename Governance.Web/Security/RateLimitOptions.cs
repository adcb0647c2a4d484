namespace Governance.Web.Security;

/// <summary>How often the doors of the site may be tried. Each process counts for itself. The proxy is not limited here.</summary>
public sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Signing in. An office behind one address comes to work at the same time; one person types slowly.</summary>
    public RateLimitRule SignIn { get; set; } = Rule(30, TimeSpan.FromMinutes(1), 10, TimeSpan.FromMinutes(5));

    /// <summary>Asking for a reset of the password, which sends mail.</summary>
    public RateLimitRule PasswordReset { get; set; } = Rule(10, TimeSpan.FromMinutes(10), 3, TimeSpan.FromMinutes(15));

    /// <summary>Getting and refreshing tokens, which live for a quarter of an hour.</summary>
    public RateLimitRule Token { get; set; } = Rule(60, TimeSpan.FromMinutes(1), 20, TimeSpan.FromMinutes(1));

    /// <summary>Reading the API.</summary>
    public RateLimitRule Api { get; set; } = Rule(1200, TimeSpan.FromMinutes(1), 600, TimeSpan.FromMinutes(1));

    internal IEnumerable<(string Name, string Key, RateLimitRule Rule)> All =>
    [
        (RateLimits.SignIn, nameof(SignIn), SignIn),
        (RateLimits.PasswordReset, nameof(PasswordReset), PasswordReset),
        (RateLimits.Token, nameof(Token), Token),
        (RateLimits.Api, nameof(Api), Api),
    ];

    private static RateLimitRule Rule(int perAddress, TimeSpan addressWindow, int perCaller, TimeSpan callerWindow) => new()
    {
        PerAddress = new RateLimit { Permits = perAddress, Window = addressWindow },
        PerCaller = new RateLimit { Permits = perCaller, Window = callerWindow },
    };
}
