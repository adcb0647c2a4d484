using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Identity.Tokens;

/// <summary>How long API tokens live, what they name, and how often their signing keys change.</summary>
public sealed class ApiTokenOptions
{
    public const string Section = "Tokens";

    /// <summary>The longest <see cref="AccessTokenLifetime"/>. A retired signing key stays published for as long, whatever is set now.</summary>
    public static readonly TimeSpan LongestAccessTokenLifetime = TimeSpan.FromHours(1);

    /// <summary>The largest <see cref="ClockSkew"/>.</summary>
    public static readonly TimeSpan LargestClockSkew = TimeSpan.FromMinutes(1);

    /// <summary>How long an access token is valid.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long refreshing can go on after a sign-in: the life of a family of refresh tokens.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "90.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a refresh token may lie unused.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "90.00:00:00")]
    public TimeSpan RefreshTokenIdleLifetime { get; set; } = TimeSpan.FromDays(3);

    /// <summary>What <c>iss</c> says: this installation, usually by its URL.</summary>
    [Required, StringLength(200)]
    public string Issuer { get; set; } = "governance";

    /// <summary>What <c>aud</c> says: the API below /api/v1.</summary>
    [Required, StringLength(200)]
    public string Audience { get; set; } = "governance-api";

    /// <summary>By how much the clocks of several processes may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a key signs before its successor does.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "400.00:00:00")]
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(90);
}
