using Governance.Infrastructure.Secrets;
using Governance.Testing.Server;
using Microsoft.AspNetCore.DataProtection;

namespace Governance.Infrastructure.Tests.Secrets;

public sealed class DataProtectionTests : ProductTest
{
    [Fact]
    public async Task Unprotect_InAnotherProcess_IsTheSame()
    {
        var cookie = Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("ada");
        await using var second = await new ProductProcess(Database).StartAsync();
        Assert.Equal("ada", second.Get<IDataProtectionProvider>().CreateProtector("cookie").Unprotect(cookie));
    }

    [Fact]
    public async Task Protect_KeyInTheDatabase_IsWrapped()
    {
        Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("ada");
        var xml = Assert.Single(await RowsAsync<DataProtectionKey>()).Xml;
        Assert.Contains("wrapped", xml, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", xml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Protect_Cookie_UsesAesGcm()
    {
        Get<IDataProtectionProvider>().CreateProtector("cookie").Protect("ada");
        Assert.Contains("<encryption algorithm=\"AES_256_GCM\"", Assert.Single(await RowsAsync<DataProtectionKey>()).Xml, StringComparison.Ordinal);
    }
}
