using System.ComponentModel.DataAnnotations;

namespace Governance.Infrastructure.Identity.External;

/// <summary>OpenID Connect providers with which people may sign in instead of a password.</summary>
public sealed class ExternalSignInOptions
{
    public const string Section = "ExternalSignIn";

    /// <summary>By an id of the operator's choice, which is part of the redirect URI: <c>/account/external/{id}/callback</c>.</summary>
    public Dictionary<string, ExternalProvider> Providers { get; } = new(StringComparer.Ordinal);
}

/// <summary>One provider.</summary>
public sealed class ExternalProvider
{
    /// <summary>As the button on the sign-in page calls it.</summary>
    [Required, StringLength(60)]
    public string DisplayName { get; set; } = "";

    /// <summary>The name or id of the organisation whose people sign in here; the installation's first one if not said.</summary>
    public string? Organization { get; set; }

    /// <summary>Where the browser is sent to.</summary>
    [Required]
    public string AuthorizationEndpoint { get; set; } = "";

    /// <summary>Where the code is exchanged.</summary>
    [Required]
    public string TokenEndpoint { get; set; } = "";

    /// <summary>Where the person's claims are read: <c>sub</c>, <c>email</c>, <c>email_verified</c>, <c>name</c> and the groups.</summary>
    [Required]
    public string UserInfoEndpoint { get; set; } = "";

    [Required]
    public string ClientId { get; set; } = "";

    [Required]
    public string ClientSecret { get; set; } = "";

    /// <summary>Separated by spaces.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>The claim of the user-info answer that lists the person's groups.</summary>
    public string GroupClaim { get; set; } = "groups";

    /// <summary>From a group to the role that its members hold for the whole organisation; who leaves the group loses it at the next sign-in.</summary>
    public Dictionary<string, string> GroupRoles { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether somebody whose verified address is unknown gets an account; otherwise they must be invited first.</summary>
    public bool CreatePeople { get; set; }

    /// <summary>Whether the provider asks for a second factor itself, so that none is asked for here.</summary>
    public bool HasSecondFactor { get; set; }
}
