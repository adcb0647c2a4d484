using Governance.Domain.Identity;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Sessions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Governance.Web.Identity;

/// <summary>Ends a circuit within a minute once its session is over, its person is disabled, or what they may do has changed.</summary>
internal sealed class RevalidatingPerson(ILoggerFactory logging, SessionDirectory sessions, AccessDirectory access)
    : RevalidatingServerAuthenticationStateProvider(logging)
{
    private string? _access;

    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (authenticationState.User.FindActor() is not { Kind: ActorKind.Person, Id: { } person, SessionId: { } session }) return false;
        if (await sessions.FindAsync(session, active: false, cancellationToken) is null) return false;
        if (await access.FindAsync(person, cancellationToken) is not { } now) return false;
        _access ??= now.Fingerprint;
        return _access == now.Fingerprint;
    }
}
