using System.Globalization;
using System.Security.Claims;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Organizations;
using Governance.Web.Identity;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.JSInterop;

namespace Governance.Web.Components.Shared;

/// <summary>Finds out who looks at the pages of this circuit; asks the browser for its time zone.</summary>
internal sealed class ViewerLoader(
    AuthenticationStateProvider authentication, OrganizationService organizations, AccessDirectory access, IJSRuntime js, TimeProvider time)
{
    /// <summary>None if nobody is signed in, or their organisation is gone.</summary>
    public async Task<Viewer?> LoadAsync(ClientInfo client, CancellationToken cancellation)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (user.FindActor(client.IpAddress, client.UserAgent) is not { Id: { } person } actor) return null;
        if (await access.FindAsync(person, cancellation) is not { } rights) return null;
        var organization = await organizations.FindAsync(actor.OrganizationId, cancellation);
        if (organization is null) return null;

        var formats = new Formats(CultureOf(client), await ZoneAsync(organization, cancellation));
        return new Viewer(actor, rights, user.FindFirstValue(GovernanceClaims.DisplayName) ?? user.Identity?.Name ?? "", organization, formats, time);
    }

    private static CultureInfo CultureOf(ClientInfo client) =>
        client.Culture.Length == 0 ? CultureInfo.CurrentCulture : CultureInfo.GetCultureInfo(client.Culture);

    private async Task<TimeZoneInfo> ZoneAsync(Organization organization, CancellationToken cancellation)
    {
        var id = await js.InvokeAsync<string?>("governance.timeZone", cancellation);
        return id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
            ? zone
            : TimeZoneInfo.FindSystemTimeZoneById(organization.TimeZone);
    }
}
