using System.Buffers.Text;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Governance.Infrastructure.Identity;
using Governance.Infrastructure.Identity.Tokens;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Governance.Web.Tests.Api.Tokens;

/// <summary>A server and somebody who has signed in to its API, by whatever grant.</summary>
public sealed class TokensApiFixture : IAsyncLifetime
{
    public const string Password = "a long enough password";
    private int _people;

    public GovernanceServer Server { get; private set; } = null!;

    public Tenant Tenant { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await GovernanceServer.StartAsync();
        Tenant = await Server.AddTenantAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public async Task<(Person Person, IssuedTokens Tokens)> SignInAsync()
    {
        var person = await Tenant.AddPersonAsync(Server.Services, $"person{Interlocked.Increment(ref _people)}@example.test", Password);
        return (person, await Server.Get<AccessTokenService>().IssueAsync(person, new TokenClient("192.0.2.7", "test"), null, CancellationToken.None));
    }
}

public sealed class TokensApiTests(TokensApiFixture api) : IClassFixture<TokensApiFixture>
{
    private const string Endpoint = "/api/v1/auth/token";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_RefreshTokenAsForm_AnswersAsRfc6749HasIt()
    {
        var (_, tokens) = await api.SignInAsync();

        using var response = await RefreshAsync(tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var reply = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(["access_token", "token_type", "expires_in", "refresh_token"], reply.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Bearer", 900), (reply.GetProperty("token_type").GetString(), reply.GetProperty("expires_in").GetInt32()));
        Assert.NotEqual(tokens.RefreshToken, reply.GetProperty("refresh_token").GetString());
        Assert.Equal(HttpStatusCode.OK, await CallAsync(reply.GetProperty("access_token").GetString()!));
    }

    [Fact]
    public async Task Token_RefreshTokenAsJson_IsTheSame()
    {
        var (_, tokens) = await api.SignInAsync();
        using var response = await api.Server.Client.PostAsJsonAsync(
            Endpoint, new { grant_type = "refresh_token", refresh_token = tokens.RefreshToken, client_id = (string?)null }, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).TryGetProperty("access_token", out _));
    }

    [Fact]
    public async Task Token_UsedRefreshToken_IsInvalidGrantAndEndsTheFamilysTokens()
    {
        var (_, tokens) = await api.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens.AccessToken));
        using (await RefreshAsync(tokens.RefreshToken)) Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens.AccessToken));

        using var response = await RefreshAsync(tokens.RefreshToken);

        await AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_grant");
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(tokens.AccessToken));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=refresh_token", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=a&refresh_token=b", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=nonsense", "invalid_grant")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=refresh_token&refresh_token=gvr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "invalid_grant")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=client_credentials", "unsupported_grant_type")]
    [InlineData("application/x-www-form-urlencoded", "a&b&c&d&e&f&g&h&i&j&k&l&m&n&o&p&q&r&s&t&u&v&w&x&y&z&1&2&3&4&5&6&7&8", "invalid_request")]
    [InlineData("application/json", "", "invalid_request")]
    [InlineData("application/json", "null", "invalid_request")]
    [InlineData("application/json", "[]", "invalid_request")]
    [InlineData("application/json", "{\"grant_type\":7}", "invalid_request")]
    [InlineData("application/json", "{\"grant_type\":{\"a\":\"b\"}}", "invalid_request")]
    [InlineData("application/json", "{\"grant_type\":\"\\ud800\"}", "invalid_request")]
    [InlineData("application/json", "{\"grant_type\":\"password\",\"grant_type\":\"refresh_token\"}", "invalid_request")]
    [InlineData("application/json", "{\"grant_type\":\"refresh_token\",\"refresh_token\":\"nonsense\"}", "invalid_grant")]
    [InlineData("text/plain", "grant_type=refresh_token", "invalid_request")]
    [InlineData("multipart/form-data; boundary=x", "--x--", "invalid_request")]
    public async Task Token_BadRequest_IsAnErrorAsRfc6749HasIt(string type, string body, string error)
    {
        using var content = new StringContent(body, Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await api.Server.Client.PostAsync(Endpoint, content, Cancellation);

        await AssertErrorAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task Token_NothingSent_IsInvalidRequest()
    {
        using var response = await api.Server.Client.PostAsync(Endpoint, null, Cancellation);
        await AssertErrorAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Token_HugeBody_IsRefused()
    {
        using var response = await api.Server.Client.PostAsync(
            Endpoint, new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", new string('x', 100_000))]), Cancellation);
        await AssertErrorAsync(response, HttpStatusCode.RequestEntityTooLarge, "invalid_request");
    }

    [Fact]
    public async Task OpenApi_Token_SaysWhatItTakesAndThatItNeedsNoToken()
    {
        var description = await api.Server.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json", Cancellation);
        var operation = description.GetProperty("paths").GetProperty(Endpoint).GetProperty("post");

        Assert.Empty(operation.GetProperty("security").EnumerateArray());
        var content = operation.GetProperty("requestBody").GetProperty("content");
        foreach (var type in (string[])["application/x-www-form-urlencoded", "application/json"])
            Assert.Contains("grant_type", content.GetProperty(type).GetProperty("schema").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeySet_Published_VerifiesTokensAndHoldsNothingPrivate()
    {
        var (person, tokens) = await api.SignInAsync();
        using var response = await api.Server.Client.GetAsync("/.well-known/jwks.json", Cancellation);

        Assert.Equal("application/jwk-set+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromMinutes(5), response.Headers.CacheControl?.MaxAge);
        var key = Assert.Single((await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("keys").EnumerateArray());
        Assert.Equal(["alg", "crv", "kid", "kty", "use", "x", "y"], key.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("EC", "P-256", "ES256", "sig"), (Text(key, "kty"), Text(key, "crv"), Text(key, "alg"), Text(key, "use")));

        // As anybody would verify it, with nothing of the product.
        var parts = tokens.AccessToken.Split('.');
        var header = JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[0]));
        Assert.Equal(("ES256", "at+jwt", Text(key, "kid")), (Text(header, "alg"), Text(header, "typ"), Text(header, "kid")));
        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(Text(key, "x")), Y = Base64Url.DecodeFromChars(Text(key, "y")) },
        });
        Assert.True(verifier.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal(person.Id.ToString(), Text(JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(parts[1])), "sub"));
    }

    [Fact]
    public async Task Call_ForgedToken_Is401()
    {
        var (_, tokens) = await api.SignInAsync();
        var parts = tokens.AccessToken.Split('.');
        var header = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0]));
        var key = (await api.Server.Get<SigningKeyRing>().PublishedAsync(Cancellation))[^1];
        var jwk = $$"""{"kty":"EC","crv":"P-256","x":"{{key.X}}","y":"{{key.Y}}"}""";
        string[] headers =
        [
            header.Replace("ES256", "none", StringComparison.Ordinal),
            header.Replace("ES256", "HS256", StringComparison.Ordinal),
            header.Replace("at+jwt", "JWT", StringComparison.Ordinal),
            header.Replace(key.Kid, "another", StringComparison.Ordinal),
            header.Replace("{", $$"""{"jwk":{{jwk}},""", StringComparison.Ordinal),
            header.Replace("{", """{"jku":"https://evil.example/jwks.json",""", StringComparison.Ordinal),
            header.Replace("{", """{"x5u":"https://evil.example/cert.pem",""", StringComparison.Ordinal),
        ];
        foreach (var forged in headers)
        {
            var input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(forged))}.{parts[1]}";
            var hmac = Base64Url.EncodeToString(HMACSHA512.HashData(Encoding.UTF8.GetBytes(jwk), Encoding.ASCII.GetBytes(input)));
            foreach (var signature in (string[])[parts[2], hmac, ""]) Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync($"{input}.{signature}"));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync($"{parts[0]}.{parts[1]}"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(tokens.AccessToken + "A"));
        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(tokens.RefreshToken));
        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Call_RefusedToken_SaysSoAsRfc6750HasIt()
    {
        using var client = api.Server.NewClient("not.a.token");
        using var response = await client.GetAsync("/api/v1/costs", Cancellation);
        using var without = await api.Server.Client.GetAsync("/api/v1/costs", Cancellation);

        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("Bearer", without.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Call_PersonsSessionsEnded_Is401AtTheNextCall()
    {
        var (person, tokens) = await api.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens.AccessToken));

        (await api.Server.Get<TokenFamilyService>().RevokeForPersonAsync(api.Tenant.Admin, person.Id, TokenRevocation.Ended, Cancellation)).Required();

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Call_PasswordChangedMeanwhile_Is401WithinSeconds()
    {
        var (person, tokens) = await api.SignInAsync();
        Assert.Equal(HttpStatusCode.OK, await CallAsync(tokens.AccessToken));

        await using (var scope = api.Server.Services.CreateAsyncScope())
        {
            var users = scope.ServiceProvider.GetRequiredService<UserManager<Person>>();
            var changed = await users.ChangePasswordAsync((await users.FindByIdAsync(person.Id.ToString()))!, TokensApiFixture.Password, "another long password");
            Assert.True(changed.Succeeded);
        }

        await Eventually.TrueAsync(async () => await CallAsync(tokens.AccessToken) == HttpStatusCode.Unauthorized, "the token was refused");
    }

    private Task<HttpResponseMessage> RefreshAsync(string refreshToken) => api.Server.Client.PostAsync(
        Endpoint, new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]), Cancellation);

    private async Task<HttpStatusCode> CallAsync(string token)
    {
        using var client = api.Server.NewClient(token);
        using var response = await client.GetAsync("/api/v1/costs", Cancellation);
        return response.StatusCode;
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode status, string error)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(["error", "error_description"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal(error, Text(body, "error"));
        Assert.Matches(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$", Text(body, "error_description")); // RFC 6749, 5.2
    }

    private static string Text(JsonElement parent, string member) => parent.GetProperty(member).GetString()!;
}
