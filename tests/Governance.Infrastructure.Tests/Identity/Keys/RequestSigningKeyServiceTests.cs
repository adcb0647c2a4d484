using System.Text;
using Governance.Domain;
using Governance.Domain.Proxy;
using Governance.Domain.Proxy.Bedrock;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Proxy;
using Governance.Testing.Server;

namespace Governance.Infrastructure.Tests.Identity.Keys;

public sealed class RequestSigningKeyServiceTests : ProductTest
{
    private RequestSigningKeyService Service => Get<RequestSigningKeyService>();

    [Fact]
    public async Task CreateAsync_Pair_SignsForItsKeyAndIsKeptWrapped()
    {
        var pair = await CreateAsync();
        Assert.Matches("^GVAK[A-Z2-7]{16}$", pair.AccessKeyId);
        Assert.Matches("^[A-Za-z0-9]{40}$", pair.Secret);
        Assert.Null(await CheckAsync(pair));
        Assert.Equal("signature_mismatch", (await CheckAsync(pair with { Secret = "x" }))?.Code);
        Assert.Equal(Tenant.Key.Id, (await SignerAsync(pair))!.Holder.KeyId);

        var row = Assert.Single(await RowsAsync<RequestSigningKey>());
        Assert.DoesNotContain(pair.Secret, Encoding.Latin1.GetString(row.WrappedSecret), StringComparison.Ordinal);
        Assert.DoesNotContain(pair.Secret, Assert.Single(await EventsAsync(), e => e.Action == "key.signing_key_created").Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_IdThatNobodyHas_IsNone()
    {
        Assert.Null(await SignerAsync(new CreatedSigningKey(Guid.Empty, "GVAKAAAAAAAAAAAAAAAA", "x")));
        Assert.Null(await SignerAsync(new CreatedSigningKey(Guid.Empty, "AKIDEXAMPLE", "x")));
    }

    [Fact]
    public async Task RevokeAsync_OneOfTwo_IsSeenAtOnceAndLeavesTheOther()
    {
        var (first, second) = (await CreateAsync(), await CreateAsync());
        Assert.False((await SignerAsync(first))!.Holder.Revoked);
        (await Service.RevokeAsync(Tenant.Admin, first.Id, default)).Required();
        Assert.Equal((true, false), ((await SignerAsync(first))!.Holder.Revoked, (await SignerAsync(second))!.Holder.Revoked));
        (await Service.RevokeAsync(Tenant.Admin, first.Id, default)).Required();
        Assert.Single(await EventsAsync(), e => e.Action == "key.signing_key_revoked");
        var rows = await Service.ListAsync(Tenant.Admin, Tenant.Key.Id, default);
        Assert.Equal((2, first.Id), (rows.Count, Assert.Single(rows, row => row.RevokedAt == Clock.GetUtcNow()).Id));
    }

    [Fact]
    public async Task Rotate_WithOverlap_EndsThePairsOfTheFormerSecretWithIt()
    {
        var before = await CreateAsync();
        await Get<KeyService>().RotateAsync(Tenant.Admin, Tenant.Key.Id, TimeSpan.FromHours(1), default);
        var after = await CreateAsync();
        Assert.Equal(Clock.GetUtcNow().AddHours(1), (await SignerAsync(before))!.Holder.SecretValidUntil);
        Assert.Null((await SignerAsync(after))!.Holder.SecretValidUntil);
        (await Get<KeyService>().EndOverlapAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.Equal(Clock.GetUtcNow(), (await SignerAsync(before))!.Holder.SecretValidUntil);
    }

    [Fact]
    public async Task CreateAsync_MoreThanMayWork_IsRefusedUntilOneIsRevoked()
    {
        var first = await CreateAsync();
        for (var i = 1; i < RequestSigningKeyService.MaxActive; i++) await CreateAsync();
        Assert.Equal(RefusalKind.Conflict, (await Service.CreateAsync(Tenant.Admin, Tenant.Key.Id, default)).Refusal?.Kind);
        (await Service.RevokeAsync(Tenant.Admin, first.Id, default)).Required();
        await CreateAsync();
    }

    [Fact]
    public async Task CreateAsync_ForSomebodyWhoMayNotOrAKeyThatEnded_IsRefused()
    {
        Assert.Equal(RefusalKind.Forbidden, (await Service.CreateAsync(Tenant.Viewer, Tenant.Key.Id, default)).Refusal?.Kind);
        Assert.Equal(RefusalKind.NotFound, (await Service.CreateAsync(Tenant.Admin, Guid.Empty, default)).Refusal?.Kind);
        (await Get<KeyService>().RevokeAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();
        Assert.Equal(RefusalKind.Conflict, (await Service.CreateAsync(Tenant.Admin, Tenant.Key.Id, default)).Refusal?.Kind);
        Assert.Empty(await RowsAsync<RequestSigningKey>());
    }

    [Theory]
    [InlineData("https://bedrock-runtime.eu-west-1.amazonaws.com", null, "eu-west-1")]
    [InlineData("https://bedrock-runtime-fips.us-gov-west-1.amazonaws.com", null, "us-gov-west-1")]
    [InlineData("https://vpce-1.bedrock-runtime.us-west-2.vpce.amazonaws.com", null, "us-west-2")]
    [InlineData("https://bedrock-runtime.eu-west-1.amazonaws.com", "eu-central-1", "eu-central-1")]
    [InlineData("http://127.0.0.1:5000/base", null, "us-east-1")]
    public void RegionOf_Connection_IsItsOwnOrItsAddresss(string address, string? region, string expected) =>
        Assert.Equal(expected, ConnectionSignature.RegionOf(new ProviderConnection("aws", Providers.Bedrock, address, new ProviderCredential("s", "id"), region)));

    private async Task<CreatedSigningKey> CreateAsync() => (await Service.CreateAsync(Tenant.Admin, Tenant.Key.Id, default)).Required();

    private static AwsAuthorization Sign(CreatedSigningKey pair, AwsRequest request) => AwsSignature.Sign(request, pair.AccessKeyId, pair.Secret, "us-east-1");

    private AwsRequest Request() => new(
        "POST", "/", "", new Dictionary<string, string> { ["host"] = "gov.example", ["x-amz-date"] = AwsSignature.Timestamp(Clock.GetUtcNow()) }, default);

    private async Task<RequestSigner?> SignerAsync(CreatedSigningKey pair) => await Get<RequestSignatures>().FindAsync(Sign(pair, Request()), default);

    private async Task<ProxyError?> CheckAsync(CreatedSigningKey pair) =>
        Get<RequestSignatures>().Check((await SignerAsync(pair))!, Sign(pair, Request()), Request());
}
