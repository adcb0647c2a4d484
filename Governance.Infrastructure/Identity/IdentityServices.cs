using Governance.Infrastructure.Approvals;
using Governance.Infrastructure.Data;
using Governance.Infrastructure.Identity.Access;
using Governance.Infrastructure.Identity.Accounts;
using Governance.Infrastructure.Identity.External;
using Governance.Infrastructure.Identity.Import;
using Governance.Infrastructure.Identity.Invitations;
using Governance.Infrastructure.Identity.Keys;
using Governance.Infrastructure.Identity.Passwords;
using Governance.Infrastructure.Identity.People;
using Governance.Infrastructure.Identity.Reviews;
using Governance.Infrastructure.Identity.SavedFilters;
using Governance.Infrastructure.Identity.SecondFactor;
using Governance.Infrastructure.Identity.Sessions;
using Governance.Infrastructure.Jobs;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Identity;

internal static class IdentityServices
{
    public static IServiceCollection AddPeopleAndKeys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ExternalSignInOptions>().Bind(configuration.GetSection(ExternalSignInOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExternalSignInOptions>, ExternalSignInValidator>();
        services.AddIdentityCore<Person>(options =>
            {
                options.User.RequireUniqueEmail = true;
                options.SignIn.RequireConfirmedEmail = true;
                options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            })
            .AddEntityFrameworkStores<GovernanceDbContext>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        return services
            .AddSingleton<AccessDirectory>()
            .AddSingleton<AccessControl>()
            .AddSingleton<RoleService>()
            .AddSingleton<RoleQueries>()
            .AddSingleton<GrantQueries>()
            .AddSingleton<EffectiveAccessQueries>()
            .AddSingleton<GrantService>().AddApprovable<GrantProposal>()
            .AddAccessReviews()
            .AddSingleton<SessionDirectory>()
            .AddSingleton<SessionService>()
            .AddSingleton<SessionQueries>()
            .AddPasswords(configuration)
            .AddSingleton<SignInThrottle>()
            .AddSingleton<FactorSecrets>()
            .AddSingleton<SecondFactorService>()
            .AddSingleton<SecondFactorCheck>()
            .AddSingleton<SecondFactorPolicy>()
            .AddSingleton<PasskeyService>()
            .AddSingleton<AccountMails>()
            .AddSingleton<AccountRequests>()
            .AddSingleton<CredentialChange>()
            .AddScoped<PasswordService>()
            .AddScoped<ProfileService>()
            .AddSingleton<IWorkHandler, PasswordResetHandler>()
            .AddSingleton<IWorkHandler, RegistrationHandler>()
            .AddScoped<ExternalPeople>()
            .AddScoped<PersonService>()
            .AddSingleton<PeopleQueries>()
            .AddSingleton<PersonAccessEnding>()
            .AddSingleton<PersonLifecycleService>()
            .AddSingleton<PersonErasureService>()
            .AddSingleton<SavedFilterService>()
            .AddSingleton<InvitationAcceptance>()
            .AddSingleton<InvitationService>()
            .AddSingleton<PeopleImport>()
            .AddSingleton<KeyDirectory>()
            .AddSingleton<KeyOwners>()
            .AddSingleton<KeyService>()
            .AddSingleton<RequestSigningKeyService>()
            .AddSingleton<RequestSignatures>()
            .AddSingleton<ServiceAccountService>();
    }
}
