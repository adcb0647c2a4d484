using Governance.Infrastructure.Identity.Tokens;
using Governance.Testing.Server;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Tests.Identity.Tokens;

public sealed class ApiTokenOptionsTests : ProductTest
{
    [Theory]
    [InlineData("AccessTokenLifetime", "1.00:00:00", "AccessTokenLifetime")]
    [InlineData("AccessTokenLifetime", "00:00:00", "AccessTokenLifetime")]
    [InlineData("ClockSkew", "00:05:00", "ClockSkew")]
    [InlineData("SigningKeyLifetime", "01:00:00", "SigningKeyLifetime")]
    [InlineData("Issuer", "", "Issuer")]
    [InlineData("RefreshTokenLifetime", "1.00:00:00", "Tokens:RefreshTokenIdleLifetime must not be longer")]
    [InlineData("RefreshTokenIdleLifetime", "00:10:00", "Tokens:AccessTokenLifetime must not be longer")]
    public async Task Value_OutOfBounds_NamesTheKeyToChange(string key, string value, string message)
    {
        await using var process = new ProductProcess(Database, Clock, new Dictionary<string, string?> { [$"Tokens:{key}"] = value });
        var exception = Assert.Throws<OptionsValidationException>(() => process.Get<IStartupValidator>().Validate());
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_AreValid() => Assert.Equal(TimeSpan.FromMinutes(15), Get<IOptions<ApiTokenOptions>>().Value.AccessTokenLifetime);
}
