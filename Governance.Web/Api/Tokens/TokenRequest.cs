using System.Text;
using System.Text.Json;
using Governance.Web.Proxy;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Governance.Web.Api.Tokens;

/// <summary>The parameters of a request for tokens: a form, as RFC 6749 has it, or the same as a flat JSON object.</summary>
internal sealed class TokenRequest
{
    private const int MaxBytes = 8 * 1024;
    private const int MaxParameters = 32;

    private static readonly JsonSerializerOptions Json = new() { AllowDuplicateProperties = false, MaxDepth = 1 };

    private readonly IReadOnlyDictionary<string, string?> _parameters;

    private TokenRequest(IReadOnlyDictionary<string, string?> parameters) => _parameters = parameters;

    /// <summary>A parameter's value; none if it is absent or empty, which is the same (RFC 6749, 3.2).</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    public static async Task<(TokenRequest? Request, TokenError? Error)> ReadAsync(HttpContext http)
    {
        _ = MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type);
        var isForm = type is not null && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase);
        var isJson = type is not null && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase);
        if (!isForm && !isJson) return (null, TokenError.UnsupportedMediaType);

        var (body, tooLarge) = await RequestBody.ReadAsync(http, MaxBytes);
        if (tooLarge is not null) return (null, TokenError.TooLarge);

        var parameters = isForm ? ReadForm(body!) : ReadJson(body!);
        return parameters is null
            ? (null, TokenError.InvalidRequest("The parameters cannot be read, or one of them is given twice."))
            : (new TokenRequest(parameters), null);
    }

    private static Dictionary<string, string?>? ReadForm(byte[] body)
    {
        try
        {
            using var reader = new FormReader(Encoding.UTF8.GetString(body)) { ValueCountLimit = MaxParameters };
            var form = reader.ReadForm();
            return form.Values.Any(values => values.Count > 1)
                ? null
                : form.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal);
        }
        catch (InvalidDataException)
        {
            return null; // More parameters, or longer ones, than are taken.
        }
    }

    private static Dictionary<string, string?>? ReadJson(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string?>>(body, Json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
