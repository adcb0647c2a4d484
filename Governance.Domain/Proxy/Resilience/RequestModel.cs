using System.Buffers;
using System.Text.Json;

namespace Governance.Domain.Proxy.Resilience;

/// <summary>Asks for another model than the caller wrote.</summary>
public static class RequestModel
{
    /// <summary>The body with the value of each <c>model</c> of its object replaced, every other byte as it was.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="model">The model to ask for.</param>
    public static byte[] Replace(ReadOnlySpan<byte> body, string model)
    {
        var reader = new Utf8JsonReader(body);
        var result = new ArrayBufferWriter<byte>(body.Length + 64);
        var copied = 0;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isModel = reader.ValueTextEquals("model"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!isModel) continue;
            result.Write(body[copied..start]);
            result.Write(JsonSerializer.SerializeToUtf8Bytes(model, JsonSerializerOptions.Default));
            copied = (int)reader.BytesConsumed;
        }

        result.Write(body[copied..]);
        return result.WrittenSpan.ToArray();
    }
}
