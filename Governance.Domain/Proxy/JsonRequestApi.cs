using System.Text.Json;

namespace Governance.Domain.Proxy;

/// <summary>An API whose requests are one JSON object.</summary>
public abstract class JsonRequestApi : ProviderApi
{
    public sealed override (CallRequest? Request, ProxyError? Error) ReadRequest(ReadOnlySpan<byte> body, string? target)
    {
        try
        {
            if (target is not null && RequestFields.CheckModel(target) is { } wrong) return (null, wrong);
            var reader = new Utf8JsonReader(body, JsonReading.Options);
            reader.Read();
            return reader.TokenType == JsonTokenType.StartObject
                ? ReadObject(ref reader, target)
                : (null, ProxyErrors.InvalidJson("it must be one object."));
        }
        catch (JsonException exception)
        {
            return (null, ProxyErrors.InvalidJson(Describe(exception)));
        }
        catch (InvalidOperationException)
        {
            return (null, ProxyErrors.InvalidJson("a string holds an invalid character sequence."));
        }
    }

    /// <summary>Reads the object into which the cursor just stepped, up to the document's end.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    private protected abstract (CallRequest? Request, ProxyError? Error) ReadObject(ref Utf8JsonReader reader, string? target);

    /// <summary>Where the JSON broke, without repeating any of it: a body is never quoted back.</summary>
    private static string Describe(JsonException exception) => $"it breaks at line {(exception.LineNumber ?? 0) + 1}, byte {exception.BytePositionInLine ?? 0}.";
}
