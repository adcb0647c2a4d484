using System.Text.Json.Serialization;

namespace Governance.Web.Api.Tokens;

/// <summary>An error of the token endpoint (RFC 6749, 5.2).</summary>
/// <param name="Error">The stable code, such as invalid_grant.</param>
/// <param name="Description">One sentence for a developer: ASCII without quotation marks or backslashes, as the RFC demands.</param>
public sealed record TokenError(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description)
{
    /// <summary>The HTTP status it is sent with.</summary>
    [JsonIgnore]
    public int Status { get; init; } = StatusCodes.Status400BadRequest;

    internal static TokenError UnsupportedMediaType { get; } =
        InvalidRequest("Send the parameters as application/x-www-form-urlencoded or as a flat JSON object of strings.");

    internal static TokenError TooLarge { get; } =
        InvalidRequest("The request is larger than any that makes sense here.") with { Status = StatusCodes.Status413PayloadTooLarge };

    internal static TokenError InvalidRequest(string description) => new("invalid_request", description);

    internal static TokenError InvalidGrant(string description) => new("invalid_grant", description);

    internal static TokenError UnsupportedGrantType(IEnumerable<string> supported) =>
        new("unsupported_grant_type", $"The grant types here are: {string.Join(", ", supported)}.");
}
