using Microsoft.Playwright;

namespace Governance.EndToEnd.Tests.Product;

/// <summary>Chromium's own authenticator without hardware: a device that knows its owner and answers at once.</summary>
public static class VirtualAuthenticator
{
    /// <summary>Gives a page the device. It lives as long as the page, whatever the page signs in or out of.</summary>
    public static async Task AddAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        await session.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }
}
