using Governance.Infrastructure.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Governance.Infrastructure.Notifications;

internal static class NotificationsServices
{
    public static IServiceCollection AddNotifications(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SiteOptions>().Bind(configuration.GetSection(SiteOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SiteOptions>, SiteOptionsValidator>();
        services.AddOptions<MailOptions>().Bind(configuration.GetSection(MailOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>>(new MailOptionsValidator(configuration));
        services.AddSingleton<SiteAddress>();
        services.AddSingleton<MailDelivery>();
        services.AddSingleton<MailComposer>();
        services.AddSingleton<MailQueue>();
        services.AddSingleton<WebhookClient>();
        services.AddSingleton<IMailTransport>(provider => provider.GetRequiredService<MailDelivery>().IsFolder
            ? ActivatorUtilities.CreateInstance<FolderMailTransport>(provider)
            : ActivatorUtilities.CreateInstance<SmtpMailTransport>(provider));
        services.AddSingleton<IWorkHandler, MailHandler>();
        return services;
    }
}
