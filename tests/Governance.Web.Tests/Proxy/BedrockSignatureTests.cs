using System.Net.Http.Json;
using System.Text.Json;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Proxy;
using Governance.Infrastructure.Proxy.Resilience;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Governance.Web.Tests.Proxy;

/// <summary>Callers that sign for the proxy, and connections that sign for Bedrock.</summary>
public sealed class BedrockSignatureTests(BedrockFixture bedrock) : IClassFixture<BedrockFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BedrockFixture.Converse)]
    [InlineData("/proxy/bedrock/model/amazon.nova-pro-v1:0/converse")]
    [InlineData(BedrockFixture.Converse + "?b=2&a=%2F")]
    public async Task Call_Signed_IsAnsweredAndBookedToTheKey(string path)
    {
        using var request = bedrock.Signed(bedrock.Pair, path);
        using var response = await bedrock.Server.Client.SendAsync(request, Cancellation);

        Assert.Equal((200, BedrockFixture.Answer()), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
        var row = await bedrock.BookedAsync(response);
        Assert.Equal((bedrock.Key.Id, BedrockFixture.Model, 1000L), (row.Call.KeyId!.Value, row.Call.RequestedModel, row.Usage.Input));
        var received = bedrock.Upstream.Received[^1];
        Assert.Equal(BedrockFixture.Request, received.Text);
        Assert.DoesNotContain(bedrock.Pair.AccessKeyId, string.Join(' ', received.Headers.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WrongSecret_IsAMismatch() =>
        await AssertRefusedAsync(bedrock.Signed(bedrock.Pair with { Secret = bedrock.Pair.Secret[..^1] + "!" }), 403, "InvalidSignatureException", "signature_mismatch");

    [Fact]
    public async Task Call_ChangedBody_IsAMismatch()
    {
        var request = bedrock.Signed(bedrock.Pair);
        request.Content = BedrockFixture.Content(BedrockFixture.Request.Replace("you", "they", StringComparison.Ordinal));
        await AssertRefusedAsync(request, 403, "InvalidSignatureException", "signature_mismatch");
    }

    [Fact]
    public async Task Call_ChangedPath_IsAMismatch()
    {
        var request = bedrock.Signed(bedrock.Pair);
        request.RequestUri = new Uri(bedrock.Server.Url + BedrockFixture.Converse.Replace("nova-pro", "nova-lite", StringComparison.Ordinal));
        await AssertRefusedAsync(request, 403, "InvalidSignatureException", "signature_mismatch");
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    public async Task Call_SignedAtAnotherTime_IsExpired(int seconds) =>
        await AssertRefusedAsync(bedrock.Signed(bedrock.Pair, at: bedrock.Clock.GetUtcNow().AddSeconds(seconds)), 403, "InvalidSignatureException", "signature_expired");

    [Theory]
    [InlineData("GVAKAAAAAAAAAAAAAAAA")]
    [InlineData("AKIDEXAMPLE")]
    public async Task Call_UnknownId_IsAnInvalidKey(string id) =>
        await AssertRefusedAsync(bedrock.Signed(bedrock.Pair with { AccessKeyId = id }), 401, "AccessDeniedException", "invalid_api_key");

    [Fact]
    public async Task Call_MalformedSignature_IsAMismatch()
    {
        var request = bedrock.Signed(bedrock.Pair);
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 Credential=x");
        await AssertRefusedAsync(request, 403, "InvalidSignatureException", "signature_mismatch");
    }

    [Fact]
    public async Task Call_BodyTooLarge_IsRefusedBeforeItIsRead() =>
        await AssertRefusedAsync(bedrock.Signed(bedrock.Pair, body: new string(' ', 70_000)), 413, "ValidationException", "request_too_large");

    [Fact]
    public async Task Call_RevokedPair_IsRefusedAndItsKeyGoesOn()
    {
        var (key, pair) = await bedrock.AddKeyAsync();
        await AssertPassesAsync(pair);
        (await bedrock.Pairs.RevokeAsync(bedrock.Tenant.Admin, pair.Id, Cancellation)).Required();
        await AssertRefusedAsync(bedrock.Signed(pair), 401, "AccessDeniedException", "revoked_api_key");

        using var caller = bedrock.Server.NewClient(key.Secret);
        using var response = await caller.PostAsync(BedrockFixture.Converse, BedrockFixture.Content(BedrockFixture.Request), Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task Call_RevokedKey_IsRefused()
    {
        var (key, pair) = await bedrock.AddKeyAsync();
        await AssertPassesAsync(pair);
        (await bedrock.Server.Get<KeyService>().RevokeAsync(bedrock.Tenant.Admin, key.Id, Cancellation)).Required();
        await AssertRefusedAsync(bedrock.Signed(pair), 401, "AccessDeniedException", "revoked_api_key");
    }

    [Fact]
    public async Task Call_RotatedKey_EndsItsPairsAndANewOneWorks()
    {
        var (key, pair) = await bedrock.AddKeyAsync();
        await AssertPassesAsync(pair);
        (await bedrock.Server.Get<KeyService>().RotateAsync(bedrock.Tenant.Admin, key.Id, TimeSpan.Zero, Cancellation)).Required();
        await AssertRefusedAsync(bedrock.Signed(pair), 401, "AccessDeniedException", "replaced_api_key");
        await AssertPassesAsync((await bedrock.Pairs.CreateAsync(bedrock.Tenant.Admin, key.Id, Cancellation)).Required());
    }

    [Fact]
    public async Task Call_SignedForAnotherProvider_IsAMissingKey()
    {
        using var request = bedrock.Signed(bedrock.Pair, ProxyFixture.Path);
        using var response = await bedrock.Server.Client.SendAsync(request, Cancellation);
        Assert.Equal("missing_api_key", (await ProxyFixture.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("eu-west-1")]
    [InlineData(null)]
    public async Task Send_ConnectionWithAKeyThatSigns_SignsWhatIsSent(string? region)
    {
        await using var stub = await StubUpstream.StartAsync();
        using var client = new ProviderClient(Options.Create(new ProxyOptions()), Options.Create(new ResilienceOptions()), bedrock.Clock);
        var connection = new ProviderConnection("aws", Providers.Bedrock, stub.Url + "/base", new ProviderCredential("upstream-secret", "AKIDEXAMPLE"), region);
        var path = "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Fx/converse?a=b";
        using var response = await client.SendAsync(connection, HttpMethod.Post, path, "{}"u8.ToArray(), [], Cancellation);

        var received = Assert.Single(stub.Received);
        Assert.Equal("/base" + path, received.Target);
        Assert.True(AwsAuthorization.TryParse(received.Headers["Authorization"], out var authorization));
        Assert.Equal(("AKIDEXAMPLE", region ?? "us-east-1", "content-type;host;x-amz-date"), (authorization.AccessKeyId, authorization.Region, string.Join(';', authorization.SignedHeaders)));
        var request = new AwsRequest(
            received.Method, received.Target.Split('?')[0], received.Target.Split('?')[1], received.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value), received.Body);
        Assert.Equal(SignatureCheck.Valid, AwsSignature.Verify(request, authorization, "upstream-secret", bedrock.Clock.GetUtcNow()));
    }

    private async Task AssertPassesAsync(CreatedSigningKey pair)
    {
        using var request = bedrock.Signed(pair);
        using var response = await bedrock.Server.Client.SendAsync(request, Cancellation);
        Assert.Equal(200, (int)response.StatusCode);
    }

    private async Task AssertRefusedAsync(HttpRequestMessage request, int status, string type, string code)
    {
        var before = bedrock.Upstream.Received.Count;
        using (request)
        {
            using var response = await bedrock.Server.Client.SendAsync(request, Cancellation);
            Assert.Equal((status, type), ((int)response.StatusCode, response.Headers.GetValues("x-amzn-ErrorType").Single()));
            Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("message").GetString()!);
            Assert.Equal((CallOutcome.Refused, code, before), ((await bedrock.BookedAsync(response)).Outcome!.Outcome, (await bedrock.BookedAsync(response)).Outcome!.ErrorCode, bedrock.Upstream.Received.Count));
        }
    }
}
